// SPDX-License-Identifier: LGPL-2.1-or-later
// What the open pages are told: a WebSocket for each.
#pragma once

#include "tools/web/soup.h"

#include <list>
#include <map>
#include <string>

namespace rostrum {

class WebEvents {
 public:
  WebEvents() = default;
  ~WebEvents();
  WebEvents(const WebEvents&) = delete;
  WebEvents& operator=(const WebEvents&) = delete;

  void add(SoupWebsocketConnection* page);
  // Tells all pages, and those that come later, a text of JSON; the last one of each kind counts.
  void tell(const std::string& kind, const std::string& json);

 private:
  using ConnectionPtr = std::unique_ptr<SoupWebsocketConnection, Freed<g_object_unref>>;
  static void on_closed(SoupWebsocketConnection* page, gpointer self);

  std::list<ConnectionPtr> pages_;
  std::map<std::string, std::string> last_;  // by kind
};

}  // namespace rostrum
