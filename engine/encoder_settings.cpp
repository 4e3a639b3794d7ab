// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoder_settings.h"

#include "core/findings.h"
#include "lib/gst_ptr.h"

#include <algorithm>

namespace rostrum {

namespace {

// A value of a property's type that goes when the object does.
class PropertyValue {
 public:
  explicit PropertyValue(GParamSpec* spec) { g_value_init(&value_, spec->value_type); }
  ~PropertyValue() { g_value_unset(&value_); }
  PropertyValue(const PropertyValue&) = delete;
  PropertyValue& operator=(const PropertyValue&) = delete;
  GValue* get() { return &value_; }

 private:
  GValue value_ = G_VALUE_INIT;
};

// g_param_value_validate() bends a value until it fits, and says whether it had to.
bool takes(GParamSpec* spec, const std::string& text) {
  PropertyValue value{spec};
  return gst_value_deserialize_with_pspec(value.get(), text.c_str(), spec) &&
         !g_param_value_validate(spec, value.get());
}

std::string words_of(GEnumClass* type) {
  std::string text;
  for (guint i = 0; i < type->n_values; ++i)
    text += (i == 0 ? "" : ", ") + std::string{type->values[i].value_nick};
  return text;
}

// The numbers between which a property's may lie, or the words of its enum.
std::string what_it_takes(GParamSpec* spec) {
  if (G_IS_PARAM_SPEC_ENUM(spec)) return words_of(G_PARAM_SPEC_ENUM(spec)->enum_class);
  const auto range = [](auto* s) {
    return std::to_string(s->minimum) + " to " + std::to_string(s->maximum);
  };
  if (G_IS_PARAM_SPEC_INT(spec)) return range(G_PARAM_SPEC_INT(spec));
  if (G_IS_PARAM_SPEC_UINT(spec)) return range(G_PARAM_SPEC_UINT(spec));
  if (G_IS_PARAM_SPEC_DOUBLE(spec)) return range(G_PARAM_SPEC_DOUBLE(spec));
  return g_type_name(spec->value_type);
}

std::string quoted(const std::string& value) {
  const GCharPtr text{g_strescape(value.c_str(), nullptr)};
  return '"' + std::string{text.get()} + '"';
}

// The value to set, or what is wrong with them all.
Result<std::string> value_for(GstElement* element, const VideoEncoder& encoder,
                              const EncoderSetting& setting) {
  const auto wrong = [&](const std::string& what) {
    return fail(Kind::manifest, "the element " + encoder.element + what);
  };
  auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), setting.property.c_str());
  if (!spec) return wrong(" has no property \"" + setting.property + "\"");
  if (!(spec->flags & G_PARAM_WRITABLE))
    return wrong("'s property \"" + setting.property + "\" cannot be set");
  const auto fit = std::find_if(setting.values.begin(), setting.values.end(),
                                [&](const std::string& value) { return takes(spec, value); });
  if (fit != setting.values.end()) return *fit;
  return wrong("'s property \"" + setting.property + "\" cannot be " + list_names(setting.values) +
               "; it takes " + what_it_takes(spec));
}

}  // namespace

tl::expected<std::string, Problems> launch_settings(const VideoEncoder& encoder,
                                                    const std::string& profile) {
  const auto element = retain(gst_element_factory_make(encoder.element.c_str(), nullptr));
  const auto pointer = pointer_to("/profiles", profile);
  if (!element)
    return tl::unexpected(
        Problems{{pointer, "the element " + encoder.element + " cannot be made"}});
  std::string text;
  Problems problems;
  for (const auto& setting : encoder.profiles.find(profile)->second) {
    const auto value = value_for(element.get(), encoder, setting);
    if (value)
      text += " " + setting.property + "=" + (is_encoder_word(*value) ? *value : quoted(*value));
    else
      problems.push_back({pointer_to(pointer, setting.property), value.error().message});
  }
  if (!problems.empty()) return tl::unexpected(problems);
  return text;
}

}  // namespace rostrum
