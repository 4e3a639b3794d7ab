// SPDX-License-Identifier: LGPL-2.1-or-later
// From which hosts and addresses media may be fetched, and which of them learn a secret.
#pragma once

#include "core/fetch/url.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// What belongs to the service that an importer is for: these domains and all below them.
std::span<const std::string_view> domains_of(std::string_view importer);

struct HostRules {
  std::span<const std::string_view> domains;           // of the importer
  std::vector<std::string> hosts;                      // --allow-host, in lower case
  std::vector<std::vector<std::uint8_t>> addresses{};  // those of `hosts` that are IP addresses
  bool plain_http = false;                             // --allow-http

  // Whether a host is one of those.
  bool names(std::string_view host) const;
  // Why nothing may be fetched from there, a clause with its cure; "" = it may.
  std::string refusal(const Url& url) const;
  // The same of an address that a host's name was resolved to, which is `text`.
  std::string refusal_of_address(std::span<const std::uint8_t> address,
                                 const std::string& text) const;
};

// Whether --cookie and --header are for this host: the link's own and those of --allow-host.
bool may_know_secrets(const Url& url, const HostRules& rules, std::string_view link_host);

}  // namespace rostrum
