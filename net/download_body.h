// SPDX-License-Identifier: LGPL-2.1-or-later
// Where what a download brings goes.  Internal to net/.
#pragma once

#include "core/fetch/answer.h"
#include "core/result.h"
#include "net/part_file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace rostrum {

class DownloadBody {
 public:
  virtual ~DownloadBody() = default;
  // What is there of it.
  virtual const PartHead& head() const = 0;
  virtual Result<void> begin(const PartHead& head) = 0;
  virtual Result<void> write(std::span<const char> bytes) = 0;
  virtual Result<void> forget() = 0;
  // Whether its content is going to be checked.
  virtual bool hashed() const { return false; }
  // Whether what a server says instead of the file is wanted, too.
  virtual bool takes_refusals() const { return false; }
  // It is whole.  Kind::media when its content is not the one that was declared.
  virtual Result<void> finish() { return {}; }
};

class FileBody : public DownloadBody {
 public:
  FileBody(PartFile part, std::string sha256, std::shared_ptr<std::uint64_t> allowance)
      : part_{std::move(part)}, sha256_{std::move(sha256)}, allowance_{std::move(allowance)} {}

  const PartHead& head() const override { return part_.head(); }
  Result<void> begin(const PartHead& head) override { return part_.begin(head); }
  Result<void> write(std::span<const char> bytes) override;
  Result<void> forget() override { return part_.forget(); }
  bool hashed() const override { return !sha256_.empty(); }
  Result<void> finish() override;

 private:
  PartFile part_;
  std::string sha256_;
  std::shared_ptr<std::uint64_t> allowance_;  // of bytes yet to come, shared; or null
};

class TextBody : public DownloadBody {
 public:
  explicit TextBody(std::string& text) : text_{text} {}

  const PartHead& head() const override { return head_; }
  Result<void> begin(const PartHead& head) override;
  Result<void> write(std::span<const char> bytes) override;
  Result<void> forget() override { return begin({}); }
  bool takes_refusals() const override { return true; }

 private:
  PartHead head_;
  std::string& text_;
};

}  // namespace rostrum
