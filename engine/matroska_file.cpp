// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/matroska_file.h"

#include "engine/target_file.h"

#include <cerrno>
#include <cstring>

namespace rostrum {

namespace {

// Packets are small and between them stand a few bytes each: they are gathered, so that not every
// one of them is a call.
constexpr std::size_t kGathered = std::size_t{1} << 20;

class Gatherer {
 public:
  Gatherer(const File& film, TargetFile& out) : film_{film}, out_{out} {}

  void add(const mp4::Bytes& bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  Result<void> copy(std::uint64_t offset, std::uint32_t size, const std::stop_token& stop) {
    if (size >= kGathered)
      return flush().and_then([&] { return out_.copy(film_, offset, size, stop); });
    const auto packet = film_.read(offset, size);
    if (packet.size() != size) return fail(Kind::internal, "the film cannot be read");
    add(packet);
    if (bytes_.size() < kGathered) return {};
    if (stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
    return flush();
  }

  Result<void> flush() {
    auto done = out_.write(bytes_);
    bytes_.clear();
    return done;
  }

 private:
  const File& film_;
  TargetFile& out_;
  mp4::Bytes bytes_;
};

}  // namespace

Result<void> write_matroska(const File& film, const matroska::Film& index,
                            const std::string& out_path, const std::stop_token& stop) {
  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  if (auto done = out.reserve(index.size); !done) return done;
  Gatherer all{film, out};
  all.add(index.head);
  for (const auto& cluster : index.clusters) {
    all.add(cluster_head(cluster));
    for (auto i = cluster.first; i < cluster.end; ++i) {
      const auto& block = index.blocks[i];
      all.add(block_head(block, cluster));
      if (auto done = all.copy(block.offset, block.size, stop); !done) return done;
      all.add(block_tail(block));
    }
  }
  return all.flush().and_then([&] { return out.keep(); });
}

}  // namespace rostrum
