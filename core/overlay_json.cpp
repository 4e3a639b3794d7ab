// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/overlay_json.h"

namespace rostrum {

NLOHMANN_JSON_SERIALIZE_ENUM(OverlayKind, {{OverlayKind::edge, "edge"},
                                           {OverlayKind::initials, "initials"},
                                           {OverlayKind::label, "label"},
                                           {OverlayKind::names, "names"},
                                           {OverlayKind::card, "card"},
                                           {OverlayKind::logo, "logo"}})

nlohmann::ordered_json overlay_json(const Overlay& o) {
  nlohmann::ordered_json j{{"kind", o.kind},
                           {"frames", {o.frames.first, o.frames.end}},
                           {"rect", {o.rect.x, o.rect.y, o.rect.width, o.rect.height}}};
  if (o.kind == OverlayKind::logo) {
    j["asset"] = o.asset;
    j["opacity"] = o.opacity;
    return j;
  }
  if (o.kind == OverlayKind::edge) {
    j["edge"] = {o.edge.radius, o.edge.border, o.edge.color};
    j["behind"] = o.behind;
    return j;
  }
  j["size"] = o.size;
  j["text"] = o.text;
  if (!o.detail.empty()) j["detail"] = o.detail;
  j["color"] = o.color;
  return j;
}

Overlay overlay_of(const nlohmann::ordered_json& j) {
  Overlay o;
  o.kind = j.at("kind").get<OverlayKind>();
  o.frames = {j.at("frames").at(0).get<std::int64_t>(), j.at("frames").at(1).get<std::int64_t>()};
  const auto& rect = j.at("rect");
  o.rect = {rect.at(0).get<int>(), rect.at(1).get<int>(), rect.at(2).get<int>(),
            rect.at(3).get<int>()};
  o.asset = j.value("asset", "");
  o.opacity = j.value("opacity", 1000);
  if (j.contains("edge"))
    o.edge = {j["edge"].at(0).get<int>(), j["edge"].at(1).get<int>(),
              j["edge"].at(2).get<std::uint32_t>()};
  o.behind = j.value("behind", 0U);
  o.size = j.value("size", 0);
  o.text = j.value("text", "");
  o.detail = j.value("detail", "");
  o.color = j.value("color", 0xffffffU);
  return o;
}

}  // namespace rostrum
