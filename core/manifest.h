// SPDX-License-Identifier: LGPL-2.1-or-later
// The job manifest, version 1: what a user declares.  docs/manifest.md describes every key.
#pragma once

#include "core/colors.h"
#include "core/result.h"
#include "core/sound_format.h"
#include "core/speaker.h"
#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

enum class Role { participant, presenter };

struct Person {
  std::string id;
  std::string name;
  Role role = Role::participant;
  std::vector<Interval> talking = {};  // job time, as a log says it
};

struct Asset {
  std::string id;
  std::string uri;                        // relative, absolute path, file: or http(s):
  std::vector<std::string> alternatives;  // other places of the same content
  std::string sha256;                     // of the file, 64 hex digits; "" = not declared
  // How fast its sound's samples run: 1.003 = so many for each that their rate says; 1 = as it
  // says.  Absent: that is found out.
  std::optional<double> clock = {};
  Colors colors = Colors::own;  // of its moving pictures, whatever it says
};

enum class TrackKind { camera, screen, slides, microphone, audio };

// How a track or a clip is heard; what the two say adds up.
struct SoundOptions {
  double gain = 0;          // dB
  double pan = 0;           // -1: left only, 1: right only
  Nanoseconds fade_in{0};   // from silence, from its beginning on
  Nanoseconds fade_out{0};  // to silence, up to its end

  friend bool operator==(const SoundOptions&, const SoundOptions&) = default;
};

enum class Suppression { off, low, moderate, high, very_high };

// What is done against the noise of a camera's or microphone's room.  Absent: what the job's
// AudioOptions say, and there: nothing.
struct NoiseOptions {
  std::optional<double> high_pass;         // Hz, what is below goes; 0 = off
  std::optional<double> gate;              // dB, while the person does not talk; 0 = off
  std::optional<Suppression> suppression;  // of the noise under the voice

  friend bool operator==(const NoiseOptions&, const NoiseOptions&) = default;
};

// A piece of an asset on a track.
struct Clip {
  std::string asset;
  Nanoseconds start{0};                 // job time
  Nanoseconds in{0};                    // asset time at `start`
  std::optional<Nanoseconds> duration;  // absent: the medium's own, to the next clip at most
  int page = 1;                         // slides only: page of the deck, from 1
  std::vector<Interval> muted;          // job time, relative to nothing: sound is silent there
  std::vector<Interval> hidden;         // job time: the picture is switched off there
  SoundOptions sound = {};
  bool loop = false;  // begins again at `in` when its medium is at its end
  // Ids of assets of other content: what plays, one after the other, where the medium has nothing.
  std::vector<std::string> fallback = {};
};

// One source through time; its clips are sorted by start and do not overlap.  A live one has no
// clips but a `uri`.
struct Track {
  std::string id;
  TrackKind kind = TrackKind::camera;
  std::string person;  // id of a person, or ""
  std::vector<Clip> clips;
  SoundOptions sound = {};
  bool duck = false;  // turned down while anyone speaks
  NoiseOptions noise = {};
  std::vector<std::string> fallback = {};  // of all its clips, after their own
  std::string uri = {};                    // as core/live_source.h reads it; "" = it is not live
};

struct Canvas {
  bool automatic = false;  // "size": "auto": from the media, see docs/manifest.md
  int width = 1280;        // even
  int height = 720;        // even
  Fraction rate{25, 1};
  std::uint32_t background = 0x000000;  // 0xRRGGBB
};

enum class Policy {
  webinar,
  mtslinker,
  grid,
  single,
  speaker,
  presenter,
  side_by_side,
  stack,
  custom
};

// How a picture fills its rectangle: whole, with its aspect; cropped to the rectangle's aspect;
// distorted.
enum class Fit { contain, cover, stretch };

// A length on the canvas: in pixels, or in per cent of its width or height.
struct CanvasLength {
  double value = 0;
  bool percent = false;

  friend bool operator==(const CanvasLength&, const CanvasLength&) = default;
};

// The edge of a tile, in pixels.
struct TileEdge {
  int radius = 0;                  // of its corners
  int border = 0;                  // width of the line along the inside of its edge
  std::uint32_t color = 0xffffff;  // of that line, 0xRRGGBB

  bool plain() const { return radius == 0 && border == 0; }
  friend bool operator==(const TileEdge&, const TileEdge&) = default;
};

enum class PlaceRole { stage, speaker, presenter, person, others };

// A rectangle of a custom layout, and who is in it.
struct CustomPlace {
  PlaceRole role = PlaceRole::stage;
  std::string person;  // id; of PlaceRole::person
  CanvasLength x, y, width, height;
  int z = 0;  // higher ones over lower ones
  Fit fit = Fit::contain;
  TileEdge edge = {};

  friend bool operator==(const CustomPlace&, const CustomPlace&) = default;
};

using CustomLayout = std::vector<CustomPlace>;

// From `start` to the next scene the user says what is shown.
struct LayoutScene {
  Nanoseconds start{0};
  std::optional<Policy> policy = {};                    // absent: the job's, with its custom layout
  CustomLayout custom = {};                             // of Policy::custom
  std::string speaker = {};                             // id; "" = who speaks
  std::optional<std::vector<std::string>> people = {};  // ids: only these, in this order
  std::optional<std::string> stage = {};                // id of a track; "" = nothing
};

// What says who talks: the sound of the microphones, or the log (Person::talking).
enum class SpeakerSource { levels, log };

struct SpeakerLayout {
  SpeakerOptions options;
  SpeakerSource source = SpeakerSource::levels;
  std::string default_person;  // id; "" = the presenter, else who has been there longest
};

struct LayoutOptions {
  Policy policy = Policy::webinar;
  Nanoseconds fade{0};       // length of the transition between two layouts; 0 = cut
  bool labels = false;       // people's names on their tiles
  bool cards = false;        // a plain card with initials for who is heard but has no camera
  CustomLayout custom = {};  // of Policy::custom
  SpeakerLayout speaker = {};
};

enum class CardPlace { start, end, time };

// A title or end card: it covers the canvas for a while.
struct Card {
  CardPlace place = CardPlace::start;
  Nanoseconds at{0};  // job time, with CardPlace::time
  Nanoseconds duration{4s};
  std::string title;
  std::string text;                     // below the title
  std::uint32_t background = 0x1b2430;  // 0xRRGGBB
  std::uint32_t color = 0xffffff;       // of the text
};

enum class Corner { top_left, top_right, bottom_left, bottom_right };

// A picture over everything but cards; lengths are fractions of the canvas's width.
struct Logo {
  std::string asset;
  Corner position = Corner::top_right;
  double width = 0.12;
  double margin = 0.02;
  double opacity = 1;
};

// The sound of the whole programme.
struct AudioOptions {
  std::optional<double> loudness;  // LUFS, of the programme (BS.1770, integrated); absent: as it is
  // dBTP: what the limiter holds the programme under; absent: kUsualTruePeak
  std::optional<double> true_peak = {};
  double duck = -12;            // dB, of tracks with Track::duck while anyone speaks
  bool level = false;           // quiet people come up to the others while they talk
  std::optional<double> range;  // LU, of the programme (EBU Tech 3342) at most; absent: as it is
  NoiseOptions noise = {};      // of all cameras and microphones
  // How it is coded; absent: as the file's ending says, else AAC.
  std::optional<AudioCodec> codec = {};
  // 1 or 2; absent: 2, or that of the one sound whose packets are copied.
  std::optional<int> channels = {};
  std::optional<int> bitrate = {};  // kbit/s; absent: what is usual for the codec
};

inline constexpr double kUsualTruePeak = -1;
inline constexpr int kUsualChannels = 2;

enum class ChapterSource { none, slides };
enum class OnDamage { substitute, fail };

// What is made of the finished film, by the ending of its path (core/output_kind.h).
enum class OutputKind { film, stream, sheet, picture };

// A smaller picture of the film, of the same frames, among which players of a stream choose.
struct Rendition {
  int height = 0;       // even, less than the canvas's; its width has the canvas's aspect
  std::string profile;  // of core/encoder_profiles.h; "" = the film's

  friend bool operator==(const Rendition&, const Rendition&) = default;
};

// The film in another container, its playlist (core/streaming.h), small pictures of it in sheets,
// or one picture of it.
struct FurtherOutput {
  std::string path;  // relative to the manifest
  OutputKind kind = OutputKind::film;
  bool fragmented = false;                 // of a film in MP4
  Nanoseconds every{10s};                  // of a sheet: from one picture to the next
  Nanoseconds at{0};                       // of a picture: job time
  int width = 0;                           // of each picture, in pixels; 0 = as usual
  std::vector<Rendition> renditions = {};  // of a stream, besides the film itself

  friend bool operator==(const FurtherOutput&, const FurtherOutput&) = default;
};

struct Output {
  std::string pointer = "/output";  // where the manifest has it; "/outputs/0" in a list
  std::string path;  // relative to the manifest; "" = <manifest's stem>.mp4 beside it
  std::string profile = "balanced";  // one of core/encoder_profiles.h
  std::string encoder = "auto";      // likewise, or "auto"
  bool variable_rate = false;        // where nothing moves, frames are left out
  bool stems = false;       // beside the film, the sound of each person in a file of its own
  bool fragmented = false;  // an MP4 in movie fragments
  std::vector<FurtherOutput> further = {};  // made of the same film
};

struct Manifest {
  std::string title;
  std::optional<Nanoseconds> duration;  // absent: the end of the last clip
  Canvas canvas;
  std::vector<Person> people;
  std::vector<Asset> assets;
  std::vector<Track> tracks;
  LayoutOptions layout;
  std::vector<LayoutScene> scenes;  // in order; before the first the layout rules
  std::vector<Card> cards;
  std::optional<Logo> logo;
  AudioOptions audio;
  std::optional<ChapterSource> chapters;  // absent: slides when there are slides
  Output output;
  OnDamage on_damage = OnDamage::substitute;

  const Asset* asset(std::string_view id) const;
  const Person* person(std::string_view id) const;
  // What is done against the noise of a track, every default resolved.
  NoiseOptions noise_of(const Track& track) const;
};

// Reads a manifest.  All problems are reported at once, each with its JSON pointer: syntax, unknown
// and duplicate keys, wrong types, dangling ids, overlapping clips, negative or non-finite times,
// absurd sizes, and keys that belong to version 1 but that this build cannot honour yet ("not yet
// supported").
tl::expected<Manifest, Problems> parse_manifest(std::string_view json);

// The manifest as JSON text that parse_manifest() reads back to the same value.
std::string write_manifest(const Manifest& manifest);

const char* name_of(TrackKind kind);
const char* name_of(Policy policy);
const char* name_of(Role role);
const char* name_of(Fit fit);
// "" of Colors::own.
const char* name_of(Colors colors);
const char* name_of(Suppression suppression);
std::optional<Suppression> suppression_named(std::string_view name);
std::optional<Fit> fit_named(std::string_view name);
std::optional<Colors> colors_named(std::string_view name);

}  // namespace rostrum
