// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_events.h"

namespace rostrum {

namespace {

constexpr guint64 kMostHeard = 1024;  // bytes: pages say nothing

void send(SoupWebsocketConnection* page, const std::string& text) {
  if (soup_websocket_connection_get_state(page) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text(page, text.c_str());
}

}  // namespace

WebEvents::~WebEvents() {
  for (const auto& page : pages_) g_signal_handlers_disconnect_by_data(page.get(), this);
}

void WebEvents::add(SoupWebsocketConnection* page) {
  soup_websocket_connection_set_max_incoming_payload_size(page, kMostHeard);
  g_signal_connect(page, "closed", G_CALLBACK(on_closed), this);
  pages_.emplace_back(SOUP_WEBSOCKET_CONNECTION(g_object_ref(page)));
  for (const auto& [kind, json] : last_) send(page, json);
}

void WebEvents::tell(const std::string& kind, const std::string& json) {
  last_[kind] = json;
  for (const auto& page : pages_) send(page.get(), json);
}

void WebEvents::on_closed(SoupWebsocketConnection* page, gpointer self) {
  static_cast<WebEvents*>(self)->pages_.remove_if(
      [&](const ConnectionPtr& known) { return known.get() == page; });
}

}  // namespace rostrum
