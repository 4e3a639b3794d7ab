# SPDX-License-Identifier: LGPL-2.1-or-later
"""SVG text to a PDF document or to a video frame, by librsvg and cairo themselves (no Python bindings needed)."""
import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_size_t, c_void_p

import numpy as np

_cairo = ctypes.CDLL("libcairo.so.2")
_rsvg = ctypes.CDLL("librsvg-2.so.2")
_gobject = ctypes.CDLL("libgobject-2.0.so.0")
_RGB24 = 1


class _Rectangle(ctypes.Structure):
    _fields_ = [(name, c_double) for name in ("x", "y", "width", "height")]


def _declare(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function


_pdf_surface = _declare(_cairo, "cairo_pdf_surface_create", c_void_p, c_char_p, c_double, c_double)
_image_surface = _declare(_cairo, "cairo_image_surface_create_for_data", c_void_p, c_void_p, c_int, c_int, c_int, c_int)
_create = _declare(_cairo, "cairo_create", c_void_p, c_void_p)
_show_page = _declare(_cairo, "cairo_show_page", None, c_void_p)
_destroy = _declare(_cairo, "cairo_destroy", None, c_void_p)
_finish = _declare(_cairo, "cairo_surface_finish", None, c_void_p)
_surface_destroy = _declare(_cairo, "cairo_surface_destroy", None, c_void_p)
_status = _declare(_cairo, "cairo_surface_status", c_int, c_void_p)
_open = _declare(_rsvg, "rsvg_handle_new_from_data", c_void_p, c_char_p, c_size_t, c_void_p)
_render = _declare(_rsvg, "rsvg_handle_render_document", c_int, c_void_p, c_void_p, POINTER(_Rectangle), c_void_p)
_unref = _declare(_gobject, "g_object_unref", None, c_void_p)


def _draw(context, svg, width, height):
    data = svg.encode()
    handle = _open(data, len(data), None)
    if not handle:
        raise ValueError("not an SVG document: " + svg[:80])
    if not _render(handle, context, byref(_Rectangle(0, 0, width, height)), None):
        raise ValueError("cannot draw: " + svg[:80])
    _unref(handle)


def write_pdf(path, pages, width, height):
    """One page of width x height points per SVG text."""
    surface = _pdf_surface(str(path).encode(), width, height)
    context = _create(surface)
    for page in pages:
        _draw(context, page, width, height)
        _show_page(context)
    _destroy(context)
    _finish(surface)
    status = _status(surface)
    _surface_destroy(surface)
    if status:
        raise OSError(f"cairo cannot write {path} (status {status})")


def frame(svg, width, height):
    """The picture as the bytes of one BGRx frame."""
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = _image_surface(pixels.ctypes.data, _RGB24, width, height, width * 4)
    context = _create(surface)
    _draw(context, svg, width, height)
    _destroy(context)
    _finish(surface)
    _surface_destroy(surface)
    return pixels.tobytes()
