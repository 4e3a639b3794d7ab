// SPDX-License-Identifier: LGPL-2.1-or-later
// Which places of the assets are tried next: the first of each, and where that fails the second, …
#pragma once

#include "core/fetch/fetch_plan.h"

#include <cstddef>
#include <string>
#include <vector>

namespace rostrum {

class FetchRounds {
 public:
  explicit FetchRounds(std::vector<WantedAsset> assets);

  struct File {
    RemoteFile place;
    std::string sha256;
  };

  // What is to be fetched now, each file once; empty: there is nothing left to try.
  std::vector<File> next() const;
  // What became of one of them; `why` is empty if it is there.
  void take(const RemoteFile& place, const std::string& why);

  struct Finding {
    std::string asset;
    std::string text;  // a clause
  };

  // Assets of which no place could be had.
  std::vector<Finding> missing() const;
  // Assets that another place than their first had to be taken for.
  std::vector<Finding> replaced() const;

 private:
  struct Progress {
    WantedAsset asset;
    std::size_t place = 0;  // that is tried, or was had
    bool there = false;
    std::string whys;  // what was wrong with the places before

    bool open() const { return !there && place < asset.places.size(); }
  };

  std::vector<Progress> assets_;
};

}  // namespace rostrum
