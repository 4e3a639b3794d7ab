// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remux/piece_reader.h"

#include <nettle/cbc.h>

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 10;  // a multiple of a block

}  // namespace

Result<mp4::Bytes> PieceReader::read() {
  while (!pieces_.empty()) {
    if (!file_)
      if (auto done = open(pieces_.front()); !done) return tl::unexpected(done.error());
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kMostBytes, end_ - at_));
    auto bytes = file_->read(at_, wanted);
    if (bytes.size() != wanted) return fail(Kind::media, "a segment cannot be read");
    at_ += wanted;
    const bool last = at_ == end_;
    if (cipher_)
      if (auto done = decrypt(bytes, last); !done) return tl::unexpected(done.error());
    if (last) {
      file_.reset();
      pieces_ = pieces_.subspan(1);
    }
    if (!bytes.empty()) return bytes;
  }
  return mp4::Bytes{};
}

Result<void> PieceReader::open(const hls::LocalPiece& piece) {
  auto file = File::open_to_read(folder_ + "/" + piece.file);
  if (!file) return tl::unexpected(file.error());
  const auto range = piece.range.value_or(hls::ByteRange{0, file->size()});
  if (range.offset > file->size() || range.length > file->size() - range.offset)
    return fail(Kind::media, "a byte range goes beyond the end of its file");
  at_ = range.offset;
  end_ = range.offset + range.length;
  file_ = std::move(*file);
  return open_cipher(piece);
}

Result<void> PieceReader::open_cipher(const hls::LocalPiece& piece) {
  cipher_.reset();
  if (piece.key_file.empty()) return {};
  const auto file = File::open_to_read(folder_ + "/" + piece.key_file);
  if (!file) return tl::unexpected(file.error());
  const auto key = file->read(0, AES128_KEY_SIZE + 1);
  if (key.size() != AES128_KEY_SIZE) return fail(Kind::media, "a key is not of 16 bytes");
  if (end_ == at_ || (end_ - at_) % AES_BLOCK_SIZE != 0)
    return fail(Kind::media, "an encrypted segment is not made of blocks of 16 bytes");
  cipher_.emplace();
  cipher_->iv = piece.iv;
  aes128_set_decrypt_key(&cipher_->context, key.data());
  return {};
}

// RFC 8216, 5.2: one chain for each segment, which ends with padding as PKCS7 has it (RFC 5652,
// 6.3).
Result<void> PieceReader::decrypt(mp4::Bytes& bytes, bool last) {
  const auto block = [](const void* context, std::size_t size, std::uint8_t* to,
                        const std::uint8_t* from) {
    aes128_decrypt(static_cast<const aes128_ctx*>(context), size, to, from);
  };
  cbc_decrypt(&cipher_->context, block, AES_BLOCK_SIZE, cipher_->iv.data(), bytes.size(),
              bytes.data(), bytes.data());
  if (!last) return {};
  const std::size_t padding = bytes.back();
  const bool fits = padding >= 1 && padding <= AES_BLOCK_SIZE &&
                    std::all_of(bytes.end() - static_cast<std::ptrdiff_t>(padding), bytes.end(),
                                [&](auto byte) { return byte == padding; });
  if (!fits) return fail(Kind::media, "a segment does not become readable by its key");
  bytes.resize(bytes.size() - padding);
  return {};
}

}  // namespace rostrum
