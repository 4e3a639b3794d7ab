// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of the manifest's choices, for its reader and its writer.
#pragma once

#include "core/json_reader.h"
#include "core/manifest.h"

namespace rostrum {

inline constexpr Name<Role> kRoles[] = {{"participant", Role::participant},
                                        {"presenter", Role::presenter}};
inline constexpr Name<TrackKind> kKinds[] = {{"camera", TrackKind::camera},
                                             {"screen", TrackKind::screen},
                                             {"slides", TrackKind::slides},
                                             {"microphone", TrackKind::microphone},
                                             {"audio", TrackKind::audio}};
inline constexpr Name<Policy> kPolicies[] = {{"webinar", Policy::webinar},
                                             {"mtslinker", Policy::mtslinker},
                                             {"grid", Policy::grid},
                                             {"single", Policy::single},
                                             {"speaker", Policy::speaker},
                                             {"presenter", Policy::presenter},
                                             {"side-by-side", Policy::side_by_side},
                                             {"stack", Policy::stack},
                                             {"custom", Policy::custom}};
inline constexpr Name<PlaceRole> kPlaceRoles[] = {{"stage", PlaceRole::stage},
                                                  {"speaker", PlaceRole::speaker},
                                                  {"presenter", PlaceRole::presenter},
                                                  {"others", PlaceRole::others}};
inline constexpr Name<Fit> kFits[] = {
    {"contain", Fit::contain}, {"cover", Fit::cover}, {"stretch", Fit::stretch}};
inline constexpr Name<Colors> kColors[] = {{"bt601", Colors::bt601}, {"bt709", Colors::bt709}};
inline constexpr Name<SpeakerSource> kSpeakerSources[] = {{"levels", SpeakerSource::levels},
                                                          {"log", SpeakerSource::log}};
inline constexpr Name<ChapterSource> kChapterSources[] = {{"none", ChapterSource::none},
                                                          {"slides", ChapterSource::slides}};
inline constexpr Name<AudioCodec> kAudioCodecs[] = {
    {"aac", AudioCodec::aac}, {"opus", AudioCodec::opus}, {"flac", AudioCodec::flac}};
inline constexpr Name<bool> kLevelling[] = {{"off", false}, {"speech", true}};
inline constexpr Name<bool> kFrameRates[] = {{"constant", false}, {"variable", true}};
inline constexpr Name<Suppression> kSuppressions[] = {{"off", Suppression::off},
                                                      {"low", Suppression::low},
                                                      {"moderate", Suppression::moderate},
                                                      {"high", Suppression::high},
                                                      {"very-high", Suppression::very_high}};
inline constexpr Name<OnDamage> kOnDamage[] = {{"substitute", OnDamage::substitute},
                                               {"fail", OnDamage::fail}};

// Words of version 1 that this build cannot honour.
inline constexpr std::string_view kLaterKinds[] = {"captions"};

template <typename T, std::size_t N>
constexpr const char* name_in(const Name<T> (&names)[N], T value) {
  for (const auto& name : names)
    if (name.value == value) return name.name.data();  // a literal: ends with NUL
  return "";
}

}  // namespace rostrum
