// SPDX-License-Identifier: LGPL-2.1-or-later
// By which matrix the colours of a medium's moving pictures are read.
#pragma once

namespace rostrum {

// own: as the medium says; where it does not, BT.709 above 576 lines and BT.601 below.
enum class Colors { own, bt601, bt709 };

}  // namespace rostrum
