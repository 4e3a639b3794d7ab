// SPDX-License-Identifier: LGPL-2.1-or-later
// What was found of a film as one page of HTML that needs nothing else: no file, no network.
#pragma once

#include "core/film_check.h"

#include <span>
#include <string>
#include <vector>

namespace rostrum {

struct FilmPagePicture {
  std::int64_t frame = 0;  // of the film
  std::string uri;         // data:
};

struct FilmPage {
  std::string title;
  const Film& film;
  const std::vector<Finding>& findings;
  const FilmSound* sound = nullptr;  // null: was not decoded
  const Plan* plan = nullptr;        // null: not known
  std::vector<Substitution> substitutions = {};
  std::vector<FilmPagePicture> pictures = {};
};

std::string film_page(const FilmPage& page);

// Text in HTML, also in attributes; control characters become spaces.
std::string html_text(std::string_view text);

}  // namespace rostrum
