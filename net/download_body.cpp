// SPDX-License-Identifier: LGPL-2.1-or-later
#include "net/download_body.h"

#include "engine/fingerprint.h"

namespace rostrum {

Result<void> FileBody::write(std::span<const char> bytes) {
  if (allowance_) {
    if (bytes.size() > *allowance_)
      return fail(Kind::media, "all of its segments together have more bytes than --max-size");
    *allowance_ -= bytes.size();
  }
  return part_.write(bytes);
}

Result<void> FileBody::finish() {
  if (!sha256_.empty() && sha256_of_file(part_.path()) != sha256_)
    return fail(Kind::media, "it is not what the job declares: its SHA-256 is another one");
  return part_.commit();
}

Result<void> TextBody::begin(const PartHead& head) {
  text_.clear();
  head_ = {.bytes = 0, .total = head.total, .etag = {}, .last_modified = {}};
  return {};
}

Result<void> TextBody::write(std::span<const char> bytes) {
  text_.append(bytes.data(), bytes.size());
  head_.bytes += bytes.size();
  return {};
}

}  // namespace rostrum
