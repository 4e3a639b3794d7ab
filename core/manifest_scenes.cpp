// SPDX-License-Identifier: LGPL-2.1-or-later
// Custom layouts and the scenes that the user sets.
#include "core/layout.h"
#include "core/manifest_graphics.h"
#include "core/manifest_layout.h"
#include "core/manifest_names.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostPlaces = 100;
constexpr std::size_t kMostScenes = 10'000;
constexpr std::size_t kMostNamed = 1000;
constexpr std::size_t kMostInAll = 100'000;  // people and places of all scenes
constexpr int kMostPixels = 16384;
constexpr int kMostZ = 100;
constexpr int kMostRadius = 1000;  // pixels
constexpr int kMostBorder = 100;   // pixels

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 320, or "25%"; nothing for anything else.
std::optional<CanvasLength> canvas_length(const Json& value) {
  CanvasLength length;
  if (const auto* text = value.get_ptr<const Json::string_t*>()) {
    if (text->empty() || text->back() != '%' || !is_digit(text->front())) return {};
    const auto* last = text->data() + text->size() - 1;
    const auto read = std::from_chars(text->data(), last, length.value, std::chars_format::fixed);
    if (read.ec != std::errc{} || read.ptr != last) return {};
    length.percent = true;
    if (!(length.value >= 0 && length.value <= 100)) return {};
    return length;
  }
  if (!value.is_number()) return {};
  length.value = value.get<double>();
  if (!(length.value >= 0 && length.value <= kMostPixels)) return {};
  if (length.value != static_cast<int>(length.value)) return {};
  return length;
}

// Reads the manifest's people and tracks by their ids.
class SceneReader {
 public:
  SceneReader(Findings& findings, const Manifest& manifest)
      : findings_{findings}, manifest_{manifest} {
    for (const auto& person : manifest.people) people_.insert(person.id);
    for (const auto& track : manifest.tracks) tracks_.emplace(track.id, track.kind);
  }

  CustomLayout custom(const Json& list, const std::string& pointer) {
    CustomLayout layout;
    if (list.empty()) findings_.add(pointer, "must hold one place");
    if (list.size() > kMostPlaces)
      findings_.add(pointer, "at most 100 places, found " + std::to_string(list.size()));
    const auto before = findings_.count();
    for (std::size_t i = 0; i < std::min(list.size(), kMostPlaces); ++i)
      layout.push_back(place(list[i], pointer_to(pointer, i)));
    if (manifest_.canvas.automatic || findings_.count() != before) return layout;
    for (const auto& [index, key, why] :
         misplaced(layout, {manifest_.canvas.width, manifest_.canvas.height}))
      findings_.add(pointer_to(pointer_to(pointer, index), key), why);
    return layout;
  }

  LayoutScene scene(const Json& value, std::string pointer) {
    ObjectReader reader{value, std::move(pointer), findings_};
    LayoutScene scene;
    scene.start = reader.time("start", Need::required).value_or(0ns);
    layout(reader, scene);
    if (const auto person = reader.text("speaker", kIdBytes)) {
      scene.speaker = *person;
      known_person(*person, reader.at("speaker"));
    }
    people(reader, scene);
    stage(reader, scene);
    reader.finish();
    return scene;
  }

 private:
  void layout(ObjectReader& reader, LayoutScene& scene) {
    const auto* value = reader.find("layout");
    if (!value) return;
    if (value->is_array()) {
      scene.policy = Policy::custom;
      scene.custom = custom(*value, reader.at("layout"));
      return;
    }
    if (!value->is_string())
      return reader.problem("layout",
                            "expected a policy or an array of places, found " + type_of(*value));
    scene.policy = reader.choice("layout", kPolicies);
    if (scene.policy != Policy::custom) return;
    scene.custom = manifest_.layout.custom;
    if (scene.custom.empty())
      reader.problem("layout",
                     "\"custom\" needs the places of \"/layout/custom\", or give them here");
  }

  void people(ObjectReader& reader, LayoutScene& scene) {
    const auto* list = reader.array("people");
    if (!list) return;
    scene.people.emplace();
    if (list->size() > kMostNamed)
      reader.problem("people", "at most 1000 people, found " + std::to_string(list->size()));
    std::unordered_set<std::string> known;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto pointer = pointer_to(reader.at("people"), i);
      auto id = person((*list)[i], pointer);
      if (!id.empty() && !known.insert(id).second)
        findings_.add(pointer, "another entry names " + in_quotes(id));
      scene.people->push_back(std::move(id));
    }
  }

  void stage(ObjectReader& reader, LayoutScene& scene) {
    const auto* value = reader.find("stage");
    if (!value) return;
    scene.stage.emplace();
    if (value->is_null()) return;
    const auto id = reader.text("stage", kIdBytes);
    if (!id) return;
    scene.stage = *id;
    const auto found = tracks_.find(*id);
    if (found == tracks_.end())
      reader.problem("stage", "there is no track " + in_quotes(*id));
    else if (found->second != TrackKind::screen && found->second != TrackKind::slides)
      reader.problem("stage", "track " + in_quotes(*id) + " shows neither a screen nor slides");
  }

  CustomPlace place(const Json& value, std::string pointer) {
    ObjectReader reader{value, std::move(pointer), findings_};
    CustomPlace place;
    const auto role = reader.choice("role", kPlaceRoles);
    const auto person = reader.text("person", kIdBytes);
    if (role) place.role = *role;
    if (person) {
      place.role = PlaceRole::person;
      place.person = *person;
      known_person(*person, reader.at("person"));
    }
    if (!reader.find("role") == !reader.find("person") && value.is_object())
      findings_.add(reader.pointer(), "give either \"role\" or \"person\"");
    rect(reader, place);
    place.z = static_cast<int>(reader.integer("z", 0, kMostZ).value_or(0));
    place.fit = reader.choice("fit", kFits).value_or(Fit::contain);
    place.edge.radius = static_cast<int>(reader.integer("radius", 0, kMostRadius).value_or(0));
    if (const auto* border = reader.find("border"))
      read_border(*border, reader.at("border"), place.edge);
    reader.finish();
    return place;
  }

  void read_border(const Json& value, std::string pointer, TileEdge& edge) {
    ObjectReader reader{value, std::move(pointer), findings_};
    edge.border =
        static_cast<int>(reader.integer("width", 1, kMostBorder, Need::required).value_or(0));
    read_color(reader, "color", edge.color);
    reader.finish();
  }

  void rect(ObjectReader& reader, CustomPlace& place) {
    const auto* list = reader.array("rect", Need::required);
    if (!list) return;
    if (list->size() != 4)
      return reader.problem("rect", "expected [x, y, width, height], found an array of " +
                                        std::to_string(list->size()));
    const std::pair<CanvasLength*, std::size_t> parts[] = {
        {&place.x, 0}, {&place.y, 1}, {&place.width, 2}, {&place.height, 3}};
    for (const auto& [part, i] : parts) {
      const auto length = canvas_length((*list)[i]);
      if (length)
        *part = *length;
      else
        findings_.add(pointer_to(reader.at("rect"), i),
                      "expected whole pixels from 0 to 16384, or \"0%\" to \"100%\"");
    }
  }

  std::string person(const Json& value, const std::string& pointer) {
    const auto id = read_text(value, kIdBytes);
    if (!id) findings_.add(pointer, id.error());
    if (id) known_person(*id, pointer);
    return id.value_or("");
  }

  void known_person(const std::string& id, const std::string& pointer) {
    if (!people_.contains(id)) findings_.add(pointer, "there is no person " + in_quotes(id));
  }

  Findings& findings_;
  const Manifest& manifest_;
  std::unordered_set<std::string_view> people_;
  std::unordered_map<std::string_view, TrackKind> tracks_;
};

}  // namespace

CustomLayout read_custom(const Json& list, const std::string& pointer, Findings& findings,
                         const Manifest& manifest) {
  return SceneReader{findings, manifest}.custom(list, pointer);
}

void read_scenes(const Json& list, const std::string& pointer, Findings& findings,
                 Manifest& manifest) {
  if (list.size() > kMostScenes)
    return findings.add(pointer, "at most 10000 scenes, found " + std::to_string(list.size()));
  SceneReader reader{findings, manifest};
  auto& scenes = manifest.scenes;
  std::size_t in_all = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& scene = scenes.emplace_back(reader.scene(list[i], pointer_to(pointer, i)));
    in_all += scene.custom.size() + (scene.people ? scene.people->size() : 0);
    if (in_all > kMostInAll)
      return findings.add(pointer, "all scenes together have at most 100000 people and places");
  }
  for (std::size_t i = 1; i < scenes.size(); ++i)
    if (scenes[i].start <= scenes[i - 1].start)
      findings.add(pointer_to(pointer_to(pointer, i), "start"),
                   "must be later than that of the scene before");
}

}  // namespace rostrum
