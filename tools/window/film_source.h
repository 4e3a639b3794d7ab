// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the packets of a film are while it renders: in the files of its work directory, and once it
// is whole in itself.
#pragma once

#include "core/film_packets.h"
#include "core/finished_film.h"
#include "engine/packet_file.h"
#include "tools/window/caps_finder.h"

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
  // The film is whole: once what it holds is known, what is opened is opened in it.
  void set_film(std::string path);
  // Looks what is finished by now, and known to be.
  void look();
  // Whether the film is whole and not known yet.
  bool opens_film() const { return !film_path_.empty(); }

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
  std::string path_of(const std::string& key) const;
  std::shared_ptr<const PacketFile> open(const std::string& key);
  void open_film();
  void read_work_dir();
  bool find_caps();
  void take(ChunkList list);
  FilmPartPtr make_pictures(std::size_t chunk);
  FilmPartPtr make_sound(std::size_t unit);

  std::string work_dir_;
  std::string film_path_;  // until it is opened
  std::string read_;       // the texts that it was last made of
  ChunkList list_;
  std::set<std::string> written_;  // keys of what is whole
  std::set<std::string> done_;     // of what is known, too
  FinishedFilm finished_;
  std::vector<Interval> sound_times_;
  std::shared_ptr<const PacketFile> film_;  // once it is whole
  // What was opened last, by whether it is sound: it is asked for again and again.
  std::map<bool, std::pair<std::size_t, FilmPartPtr>> last_;
  CapsFinder finder_;
};

}  // namespace rostrum
