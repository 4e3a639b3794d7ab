// SPDX-License-Identifier: LGPL-2.1-or-later
// What an output is, by the ending of its path, and what a film's container can hold.
#pragma once

#include "core/manifest.h"

#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

enum class FilmContainer { mp4, matroska, webm };

struct FilmForm {
  FilmContainer container = FilmContainer::mp4;
  bool fragmented = false;  // an MP4 in movie fragments

  // As the parts of a film are joined.
  bool plain() const { return container == FilmContainer::mp4 && !fragmented; }
};

// Of a film: .mkv and .webm are what they say, .mp4 and .m4v an MP4.
FilmContainer film_container(std::string_view path);
// "MP4", "Matroska", "WebM"
const char* name_of(FilmContainer container);
bool can_hold(FilmContainer container, AudioCodec codec);
// `codec`: of the picture, as core/encoder_profiles.h names it.
bool can_hold(FilmContainer container, std::string_view codec);

// .mp4, .m4v, .mkv, .webm; .m3u8, .mpd; .vtt; .jpg, .jpeg, in capitals, too.  Nothing for another
// ending.
std::optional<OutputKind> output_kind(std::string_view path);

// What is wrong with the name of a film, and the cure; "" = nothing.
std::string why_no_film(std::string_view path);
// The same of what may also be sound alone.
std::string why_no_output(std::string_view path);

// The first film that is WebM; "" = none is.
std::string webm_of(const Output& output);

// How the sound of a job is coded that does not say it: as all films of it can hold.
AudioCodec usual_codec(const Output& output);

}  // namespace rostrum
