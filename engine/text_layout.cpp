// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/text_layout.h"

#include "core/utf8.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

using ContextPtr = std::unique_ptr<PangoContext, UnrefObject>;
using DescriptionPtr = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;
using OptionsPtr = std::unique_ptr<cairo_font_options_t, Freed<cairo_font_options_destroy>>;
using IterPtr = std::unique_ptr<PangoLayoutIter, Freed<pango_layout_iter_free>>;

// Calls visit(glyph item) for each run of one font.
template <typename Visit>
void for_each_run(PangoLayout* layout, Visit visit) {
  const IterPtr iter{pango_layout_get_iter(layout)};
  do {
    if (const auto* run = pango_layout_iter_get_run_readonly(iter.get())) visit(*run);
  } while (pango_layout_iter_next_run(iter.get()));
}

}  // namespace

LayoutPtr lay_out_text(const std::string& text, const TextStyle& style) {
  // The default map belongs to its thread, and fonts are found once for each map.
  const ContextPtr context{pango_font_map_create_context(pango_cairo_font_map_get_default())};
  const OptionsPtr options{cairo_font_options_create()};
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_context_set_language(context.get(), pango_language_from_string("en"));
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  LayoutPtr layout{pango_layout_new(context.get())};
  const DescriptionPtr font{pango_font_description_from_string(style.bold ? "Sans Bold" : "Sans")};
  pango_font_description_set_absolute_size(font.get(), double{PANGO_SCALE} * style.size);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

std::vector<char32_t> undrawable(const std::string& text) {
  const auto layout = lay_out_text(text, {});
  if (pango_layout_get_unknown_glyphs_count(layout.get()) == 0) return {};
  std::set<char32_t> found;
  for_each_run(layout.get(), [&](const PangoLayoutRun& run) {
    for (int i = 0; i < run.glyphs->num_glyphs; ++i) {
      const auto glyph = run.glyphs->glyphs[i].glyph;
      if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG))
        found.insert(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
    }
  });
  return {found.begin(), found.end()};
}

std::string drawable(const std::string& text) {
  const auto missing = undrawable(text);
  if (missing.empty()) return text;
  std::string rest;
  for (const char32_t c : code_points(text))
    if (!std::binary_search(missing.begin(), missing.end(), c)) append_utf8(rest, c);
  return rest;
}

std::vector<std::string> fonts_of(const std::string& text) {
  std::set<std::string> found;
  for (const bool bold : {false, true}) {
    const auto layout = lay_out_text(text, {16, bold});
    for_each_run(layout.get(), [&](const PangoLayoutRun& run) {
      auto* font = run.item->analysis.font;
      if (!font || !PANGO_IS_FC_FONT(font)) return;
      auto* pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
      FcChar8* family = nullptr;
      FcChar8* file = nullptr;
      if (FcPatternGetString(pattern, FC_FAMILY, 0, &family) != FcResultMatch ||
          FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch)
        return;
      found.insert(std::string{reinterpret_cast<const char*>(family)} + "\t" +
                   reinterpret_cast<const char*>(file));
    });
  }
  return {found.begin(), found.end()};
}

}  // namespace rostrum
