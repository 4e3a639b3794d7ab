// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of HLS segments, one after another, decrypted.
#pragma once

#include "core/fetch/hls_plan.h"
#include "core/mp4_box.h"
#include "core/result.h"
#include "engine/file.h"

#include <nettle/aes.h>

#include <optional>
#include <span>
#include <string>

namespace rostrum {

class PieceReader {
 public:
  // Files are opened in `folder`, each when its turn comes.
  PieceReader(std::string folder, std::span<const hls::LocalPiece> pieces)
      : folder_{std::move(folder)}, pieces_{pieces} {}

  // Some bytes more; none at the end.  Kind::media when a file is shorter than its range, or a key
  // does not fit.
  Result<mp4::Bytes> read();

 private:
  struct Cipher {
    aes128_ctx context{};
    std::array<std::uint8_t, 16> iv{};
  };

  Result<void> open(const hls::LocalPiece& piece);
  Result<void> open_cipher(const hls::LocalPiece& piece);
  Result<void> decrypt(mp4::Bytes& bytes, bool last);

  std::string folder_;
  std::span<const hls::LocalPiece> pieces_;  // that are not finished

  // Of the first of them, while it is open.
  std::optional<File> file_;
  std::optional<Cipher> cipher_;
  std::uint64_t at_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace rostrum
