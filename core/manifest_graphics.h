// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of a manifest that are drawn: title and end cards, the logo; and their kinds of values.
#pragma once

#include "core/json_reader.h"
#include "core/manifest.h"

namespace rostrum {

inline constexpr std::size_t kMostCards = 1000;

// true or false; `value` stays where the key is absent.
void read_switch(ObjectReader& reader, std::string_view key, bool& value);
// "#rrggbb" -> 0xRRGGBB; `value` stays where the key is absent.
void read_color(ObjectReader& reader, std::string_view key, std::uint32_t& value);

// 0xRRGGBB as "#rrggbb".
Json color_json(std::uint32_t color);

// "cards" and "logo" of the manifest; its duration and assets have been read.
void read_cards(ObjectReader& reader, Manifest& manifest);
void read_logo(ObjectReader& reader, Manifest& manifest);

// As JSON, without defaults.
Json cards_json(const std::vector<Card>& cards);
Json logo_json(const Logo& logo);

// What a card that begins at or after the programme's end is told.
std::string outside_film(Nanoseconds programme);

}  // namespace rostrum
