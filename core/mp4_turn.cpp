// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_turn.h"

#include "core/mp4_movie.h"

#include <cmath>

namespace rostrum::mp4 {

namespace {

// a, b, c, d of a row of nine fields: a b u c d v x y w.
struct Matrix {
  double a = 1;
  double b = 0;
  double c = 0;
  double d = 1;
};

// `before`: bytes of the box's fields before its matrix, in version 0 and 1.
std::optional<Matrix> read_matrix(View body, std::size_t before_0, std::size_t before_1) {
  Reader r{body};
  r.skip(version_of(body) == 1 ? before_1 : before_0);
  const auto fixed = [&r] { return static_cast<std::int32_t>(r.u32()) / 65536.0; };
  Matrix m;
  m.a = fixed();
  m.b = fixed();
  r.skip(4);
  m.c = fixed();
  m.d = fixed();
  return r.ok() ? std::optional{m} : std::nullopt;
}

Matrix product(const Matrix& one, const Matrix& two) {
  return {one.a * two.a + one.b * two.c, one.a * two.b + one.b * two.d,
          one.c * two.a + one.d * two.c, one.c * two.b + one.d * two.d};
}

int sign(double value) { return value < 0 ? -1 : 1; }

std::optional<View> header_of_pictures(View moov) {
  const auto boxes = children(moov);
  if (!boxes) return {};
  for (const auto& box : *boxes) {
    if (box.type != fourcc("trak")) continue;
    const auto hdlr = find(box.body, {fourcc("mdia"), fourcc("hdlr")});
    const auto tkhd = find(box.body, {fourcc("tkhd")});
    if (!hdlr || !tkhd) continue;
    Reader r{hdlr->body};
    r.skip(8);
    if (r.u32() == fourcc("vide")) return tkhd->body;
  }
  return {};
}

}  // namespace

std::optional<Turn> picture_turn(View moov) {
  const auto tkhd = header_of_pictures(moov);
  const auto mvhd = find(moov, {fourcc("mvhd")});
  if (!tkhd || !mvhd) return {};
  const auto track = read_matrix(*tkhd, 40, 52);
  const auto movie = read_matrix(mvhd->body, 36, 48);
  if (!track || !movie) return {};
  const auto m = product(*track, *movie);
  if (m.a * m.d - m.b * m.c == 0) return {};  // shows nothing
  if (std::abs(m.a) >= std::abs(m.b)) return Turn{sign(m.a), 0, 0, sign(m.d)};
  return Turn{0, sign(m.b), sign(m.c), 0};
}

}  // namespace rostrum::mp4
