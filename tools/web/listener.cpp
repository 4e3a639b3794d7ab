// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/listener.h"

#include <string>

namespace rostrum {

namespace {

constexpr int kPorts = 100;

using AddressPtr = std::unique_ptr<GSocketAddress, Freed<g_object_unref>>;

// Null, with the reason, where it cannot be done.
SocketPtr listen_at(std::uint16_t port, GError** error) {
  SocketPtr socket{
      g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error)};
  if (!socket) return {};
  const AddressPtr address{g_inet_socket_address_new_from_string("127.0.0.1", port)};
  if (!g_socket_bind(socket.get(), address.get(), TRUE, error)) return {};
  if (!g_socket_listen(socket.get(), error)) return {};
  return socket;
}

}  // namespace

Result<Listener> listen_locally(std::uint16_t port) {
  for (int tried = 0; tried < kPorts && port + tried <= 65535; ++tried) {
    const auto at = static_cast<std::uint16_t>(port + tried);
    GError* raw = nullptr;
    auto socket = listen_at(at, &raw);
    const GErrorPtr error{raw};
    if (socket) return Listener{std::move(socket), at};
    if (!g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) &&
        !g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
      return fail(Kind::internal, std::string{"cannot listen on 127.0.0.1: "} + error->message);
  }
  return fail(Kind::usage,
              "no port from " + std::to_string(port) + " on is free; name another by --port");
}

}  // namespace rostrum
