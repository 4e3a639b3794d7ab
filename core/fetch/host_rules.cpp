// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/host_rules.h"

#include "core/fetch/address.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::string_view kMtsLink[] = {"mts-link.ru", "webinar.ru"};

bool belongs_to(std::string_view host, std::string_view domain) {
  return host == domain || (host.size() > domain.size() && host.ends_with(domain) &&
                            host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::span<const std::string_view> domains_of(std::string_view importer) {
  if (importer == "mtslink") return kMtsLink;
  return {};
}

bool HostRules::names(std::string_view host) const {
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end() ||
         std::any_of(domains.begin(), domains.end(),
                     [&](std::string_view domain) { return belongs_to(host, domain); });
}

std::string HostRules::refusal(const Url& url) const {
  if (!names(url.host))
    return "nothing is fetched from the host " + url.host + " unless --allow-host " + url.host +
           " allows it";
  if (!url.secure && !plain_http)
    return "http is not encrypted, anybody on the way can change what it brings; --allow-http "
           "allows it";
  return {};
}

std::string HostRules::refusal_of_address(std::span<const std::uint8_t> address,
                                          const std::string& text) const {
  const auto range = special_range(address);
  if (range.empty() || std::any_of(addresses.begin(), addresses.end(), [&](const auto& allowed) {
        return std::equal(allowed.begin(), allowed.end(), address.begin(), address.end());
      }))
    return {};
  return "its address " + text + " is " + std::string{range} + "; --allow-host " + text +
         " allows it";
}

bool may_know_secrets(const Url& url, const HostRules& rules, std::string_view link_host) {
  return url.host == link_host ||
         std::find(rules.hosts.begin(), rules.hosts.end(), url.host) != rules.hosts.end();
}

}  // namespace rostrum
