// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/output_kind.h"

#include <utility>

namespace rostrum {

namespace {

constexpr std::pair<std::string_view, OutputKind> kEndings[] = {
    {".mp4", OutputKind::film},    {".mkv", OutputKind::film},    {".webm", OutputKind::film},
    {".m3u8", OutputKind::stream}, {".mpd", OutputKind::stream},  {".vtt", OutputKind::sheet},
    {".jpg", OutputKind::picture}, {".jpeg", OutputKind::picture}};

}  // namespace

FilmContainer film_container(std::string_view path) {
  if (path.ends_with(".mkv")) return FilmContainer::matroska;
  return path.ends_with(".webm") ? FilmContainer::webm : FilmContainer::mp4;
}

const char* name_of(FilmContainer container) {
  switch (container) {
  case FilmContainer::matroska:
    return "Matroska";
  case FilmContainer::webm:
    return "WebM";
  case FilmContainer::mp4:
    break;
  }
  return "MP4";
}

bool can_hold(FilmContainer container, AudioCodec codec) {
  return container != FilmContainer::webm || codec == AudioCodec::opus;
}

bool can_hold(FilmContainer container, std::string_view codec) {
  return container != FilmContainer::webm || codec == "vp9" || codec == "av1";
}

std::optional<OutputKind> output_kind(std::string_view path) {
  for (const auto& [ending, kind] : kEndings)
    if (path.ends_with(ending)) return kind;
  return {};
}

std::string webm_of(const Output& output) {
  if (film_container(output.path) == FilmContainer::webm) return output.path;
  for (const auto& other : output.further)
    if (film_container(other.path) == FilmContainer::webm) return other.path;
  return {};
}

AudioCodec usual_codec(const Output& output) {
  return webm_of(output).empty() ? AudioCodec::aac : AudioCodec::opus;
}

}  // namespace rostrum
