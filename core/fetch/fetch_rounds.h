// SPDX-License-Identifier: LGPL-2.1-or-later
// Which places of the assets are tried next: the first of each, and where that fails the second, …
#pragma once

#include "core/fetch/fetch_plan.h"

#include <cstddef>
#include <optional>
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

  struct Doubt {
    std::string asset;
    RemoteFile place;  // that is there
  };

  // Assets that are there and have further places, or have been rejected before: what is there may
  // lack something.  Those that were judged are not among them.
  std::vector<Doubt> doubts() const;
  // Whether such an asset is what it should be: `why` is empty if it is.  Else its next place is
  // tried; where that is no better, the first that was there stays.
  void judge(const std::string& asset, const std::string& why);

  struct Finding {
    std::string asset;
    std::string text;  // a clause
  };

  // Assets of which no place could be had.
  std::vector<Finding> missing() const;
  // Assets that another place than their first had to be taken for, or that lack something.
  std::vector<Finding> replaced() const;
  // Of each asset the place that is there in the end.
  std::vector<Doubt> taken() const;

 private:
  struct Progress {
    WantedAsset asset;
    std::size_t place = 0;  // that is tried, or was had
    bool there = false;
    bool judged = false;
    std::optional<std::size_t> kept;  // the first place that was rejected though it is there
    std::string whys;                 // what was wrong with the places before

    bool open() const { return !there && place < asset.places.size(); }
    void pass_over(const std::string& why);
  };

  std::vector<Progress> assets_;
};

}  // namespace rostrum
