// SPDX-License-Identifier: LGPL-2.1-or-later
// Which IP addresses are the public Internet.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rostrum {

// What an address of 4 or 16 bytes, in the network's order, is instead of a public one: "private",
// "loopback", "link-local", …; "" for a public one.  An IPv6 address that stands for an IPv4
// address is what that one is.
std::string_view special_range(std::span<const std::uint8_t> address);

}  // namespace rostrum
