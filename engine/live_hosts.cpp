// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_hosts.h"

#include "engine/host_lookup.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <memory>

namespace rostrum {

namespace {

constexpr std::chrono::seconds kPatience{5};  // with names that may be known later

// An IP address as bytes; none for a name.
std::vector<std::uint8_t> address_bytes(const std::string& host) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1)
    return {bytes.begin(), bytes.begin() + 4};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return {};
}

// "Example.org", "127.0.0.1", "::1", "[::1]"
std::string host_name(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_loopback(const std::string& address) {
  const auto bytes = address_bytes(address);
  return address == "localhost" || address == "::1" || (bytes.size() == 4 && bytes[0] == 127);
}

}  // namespace

bool is_host(const std::string& text) {
  const auto host = host_name(text);
  const bool fine = !address_bytes(host).empty() || parse_url("https://" + host + "/").has_value();
  return fine && host.find('/') == host.npos &&
         (host.find(':') == host.npos || !address_bytes(host).empty());
}

HostRules host_rules(const std::vector<std::string>& hosts, const std::string& importer) {
  HostRules rules;
  rules.domains = domains_of(importer);
  for (const auto& named : hosts) {
    const auto host = host_name(named);
    rules.hosts.push_back(host);
    if (auto bytes = address_bytes(host); !bytes.empty())
      rules.addresses.push_back(std::move(bytes));
  }
  return rules;
}

std::string refusal(const LiveSource& source, const HostRules& rules) {
  const auto allowed = [](const std::string& host) {
    return "; --allow-host " + host + " allows it";
  };
  if (!source.listens.empty())
    return is_loopback(source.listens) || rules.names(source.listens)
               ? ""
               : "it waits where other machines can call, at " + source.listens +
                     allowed(source.listens);
  if (source.host.empty()) return {};
  if (!rules.names(source.host))
    return "the host " + source.host + " is called only if you allow it" + allowed(source.host);
  return {};
}

std::string refusal(const std::vector<HostAddress>& addresses, const HostRules& rules) {
  for (const auto& [bytes, text] : addresses)
    if (auto why = rules.refusal_of_address(bytes, text); !why.empty()) return why;
  return {};
}

Problems refused_hosts(const LivePlan& plan, const HostRules& rules) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::vector<std::string> whys;
  std::vector<std::unique_ptr<HostLookup>> lookups;  // all at once
  for (const auto& track : plan.tracks) {
    const auto& why = whys.emplace_back(refusal(track.source, rules));
    const bool named = why.empty() && !track.source.host.empty();
    lookups.push_back(named ? std::make_unique<HostLookup>(track.source.host) : nullptr);
  }
  Problems problems;
  for (std::size_t i = 0; i < plan.tracks.size(); ++i) {
    if (const auto found = lookups[i] ? lookups[i]->found_until(until) : std::nullopt)
      whys[i] = refusal(*found, rules);
    if (!whys[i].empty())
      problems.push_back({"/tracks/" + std::to_string(plan.tracks[i].index) + "/uri", whys[i]});
  }
  return problems;
}

}  // namespace rostrum
