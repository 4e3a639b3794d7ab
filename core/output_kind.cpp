// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/output_kind.h"

#include "core/file_ending.h"
#include "core/findings.h"
#include "core/sound_file.h"

#include <utility>

namespace rostrum {

namespace {

constexpr std::pair<std::string_view, OutputKind> kEndings[] = {
    {".mp4", OutputKind::film},  {".m4v", OutputKind::film},    {".mkv", OutputKind::film},
    {".webm", OutputKind::film}, {".m3u8", OutputKind::stream}, {".mpd", OutputKind::stream},
    {".vtt", OutputKind::sheet}, {".jpg", OutputKind::picture}, {".jpeg", OutputKind::picture}};

}  // namespace

FilmContainer film_container(std::string_view path) {
  if (has_ending(path, ".mkv")) return FilmContainer::matroska;
  return has_ending(path, ".webm") ? FilmContainer::webm : FilmContainer::mp4;
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
    if (has_ending(path, ending)) return kind;
  return {};
}

std::string why_no_film(std::string_view path) {
  if (output_kind(path) == OutputKind::film) return {};
  const auto ending = ending_of(path);
  return in_quotes(path) +
         (ending.empty() ? " has no ending that says what it is"
                         : " ends in " + in_quotes(ending) + ", which rostrum does not write") +
         ": name it .mp4 (or .m4v), .mkv or .webm";
}

std::string why_no_output(std::string_view path) {
  const auto why = is_sound_only(path) ? std::string{} : why_no_film(path);
  return why.empty() ? why : why + ", or for sound alone .m4a, .opus, .ogg or .flac";
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
