// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_box.h"

#include <algorithm>

namespace rostrum::mp4 {

namespace {

bool all_zero(View bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace

std::optional<BoxHeader> read_header(View bytes) {
  Reader r{bytes};
  BoxHeader h;
  h.size = r.u32();
  h.type = r.u32();
  if (h.size == 1) {
    h.size = r.u64();
    h.header = 16;
  }
  if (!r.ok() || (h.size != 0 && h.size < h.header)) return {};
  return h;
}

std::optional<std::vector<Box>> children(View body) {
  std::vector<Box> boxes;
  while (!body.empty()) {
    if (body.size() < 8 && all_zero(body)) break;
    const auto h = read_header(body);
    if (!h || h->size == 0 || h->size > body.size()) return {};
    const View whole = body.first(static_cast<std::size_t>(h->size));
    boxes.push_back({h->type, whole, whole.subspan(h->header)});
    body = body.subspan(whole.size());
  }
  return boxes;
}

std::optional<Box> find(View body, std::initializer_list<FourCc> path) {
  std::optional<Box> found;
  for (const FourCc type : path) {
    const auto boxes = children(found ? found->body : body);
    if (!boxes) return {};
    const auto it = std::find_if(boxes->begin(), boxes->end(),
                                 [type](const Box& box) { return box.type == type; });
    if (it == boxes->end()) return {};
    found = *it;
  }
  return found;
}

View Reader::take(std::size_t bytes) {
  if (bytes > left()) {
    ok_ = false;
    at_ = bytes_.size();
    return {};
  }
  at_ += bytes;
  return bytes_.subspan(at_ - bytes, bytes);
}

std::uint64_t Reader::field(std::size_t bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : take(bytes)) value = value << 8 | byte;
  return value;
}

void Writer::field(std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void Writer::close(std::size_t start) {
  const std::size_t size = bytes_.size() - start;
  for (int i = 0; i < 4; ++i)
    bytes_[start + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(size >> 8 * (3 - i));
}

}  // namespace rostrum::mp4
