// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the packets of a film are while it renders: in the files of its work directory, and once it
// is whole in itself.
#pragma once

#include "core/film_packets.h"
#include "core/finished_film.h"
#include "engine/packet_file.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rostrum {

// A chunk of picture or a unit of sound.
struct FilmPart {
  FilmPart(std::shared_ptr<const PacketFile> file, GstPtr<GstCaps> caps,
           std::vector<FilmPacket> packets, std::size_t own = 0)
      : file{std::move(file)}, caps{std::move(caps)}, packets{std::move(packets)}, own{own} {}

  std::shared_ptr<const PacketFile> file;
  GstPtr<GstCaps> caps;
  std::vector<FilmPacket> packets;  // of sound with those that prime its decoder
  std::size_t own = 0;              // the first of the part itself
};
using FilmPartPtr = std::shared_ptr<const FilmPart>;

class FilmSource {
 public:
  // A render's work directory, which need not be there yet.
  void watch(std::string work_dir) { work_dir_ = std::move(work_dir); }
  // The film is whole: from here on what is opened is opened in it.
  void set_film(const std::string& path);
  // Looks what is finished by now.
  void look();

  const FinishedFilm& finished() const { return finished_; }
  // Chunks of picture, or units of sound.
  std::size_t parts(bool sound) const {
    return sound ? list_.sound.units.size() : list_.chunks.size();
  }
  // The one that stands at t, and where it begins.
  std::size_t part_at(bool sound, Nanoseconds t) const;
  Nanoseconds begin_of(bool sound, std::size_t number) const {
    return sound ? sound_times_[number].from : finished_.when(number).from;
  }
  // Null where it is not finished, or not there any more.
  FilmPartPtr part(bool sound, std::size_t number);

 private:
  std::shared_ptr<const PacketFile> open(const std::string& key) const;
  void take(ChunkList list);
  FilmPartPtr make_pictures(std::size_t chunk) const;
  FilmPartPtr make_sound(std::size_t unit) const;

  std::string work_dir_;
  std::string read_;  // the texts that it was last made of
  ChunkList list_;
  std::set<std::string> done_;
  FinishedFilm finished_;
  std::vector<Interval> sound_times_;
  std::shared_ptr<const PacketFile> film_;  // once it is whole
  // What was opened last, by whether it is sound: it is asked for again and again.
  std::map<bool, std::pair<std::size_t, FilmPartPtr>> last_;
};

}  // namespace rostrum
