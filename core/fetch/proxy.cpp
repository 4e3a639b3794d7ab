// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/proxy.h"

#include <algorithm>

namespace rostrum {

namespace {

// "localhost,.example.org example.net" or "*"
bool is_listed(std::string_view list, std::string_view host) {
  constexpr std::string_view kBetween = ", ";
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(kBetween), list.size());
    auto word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word == "*") return true;
    if (word.starts_with('.')) word.remove_prefix(1);
    if (word.empty() || !host.ends_with(word)) continue;
    if (host.size() == word.size() || host[host.size() - word.size() - 1] == '.') return true;
  }
  return false;
}

}  // namespace

std::string proxy_for(const Url& url, const std::function<std::string(const char*)>& variable) {
  const auto first = [&](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names)
      if (auto value = variable(name); !value.empty()) return value;
    return {};
  };
  if (is_listed(first({"no_proxy", "NO_PROXY"}), url.host)) return {};
  // never HTTP_PROXY: in a CGI program a request's header "Proxy:" sets it
  if (url.secure) return first({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  return first({"http_proxy", "all_proxy", "ALL_PROXY"});
}

}  // namespace rostrum
