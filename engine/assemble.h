// SPDX-License-Identifier: LGPL-2.1-or-later
// Finished chunks -> one film, without encoding anything again.
#pragma once

#include "core/mp4_join.h"
#include "core/sound_format.h"
#include "engine/finish.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// A file of pictures, and with which frames they come where some are held: see mp4::JoinPart.
struct PicturePart {
  std::string path;
  std::vector<std::int64_t> frames = {};
};

// A file of sound, and which of its packets are the film's: `keep` of them after the first `skip`;
// -1 = all.
struct SoundPart {
  std::string path;
  std::int64_t skip = 0;
  std::int64_t keep = 0;
};

// Sound that is made of parts.
struct JoinedSound {
  std::vector<SoundPart> parts;
  std::int64_t priming = 1024;  // samples before it begins
  SoundFormat format = {};
  bool copied = false;  // the packets are a medium's
};

// Writes `out`: a movie whose extents lie in these files, finished as finish_mp4() does.
Result<void> write_joined(const mp4::JoinedMovie& film, const std::vector<std::string>& pictures,
                          const std::vector<SoundPart>& sounds, const std::string& out,
                          const FinishOptions& options = {}, const std::stop_token& stop = {});

// Writes `out`: the pictures of all files one after another, the kept packets of all sounds
// likewise, index in front, finished as finish_mp4() does; the sound's priming is that of `sound`.
// Each is open only while it is copied, so neither memory
// nor descriptors grow with their number. Errors as finish_mp4().
Result<void> assemble_mp4(const std::vector<PicturePart>& pictures, const JoinedSound& sound,
                          const std::string& out, const FinishOptions& options,
                          std::stop_token stop = {});

}  // namespace rostrum
