"""Who may do what: readers, evaluators and staff, each with a password of their own."""

from assistant.ui.access.addresses import sign_in_address
from assistant.ui.access.entrance import render_entrance
from assistant.ui.access.install import add_access, add_guard
from assistant.ui.access.origin import is_same_origin, same_origin
from assistant.ui.access.permission import requires, roles_of
from assistant.ui.access.roles import Role
from assistant.ui.access.routes import FORM_HEADERS, access_routes
from assistant.ui.access.sessions import Access

__all__ = [
    "FORM_HEADERS",
    "Access",
    "Role",
    "access_routes",
    "add_access",
    "add_guard",
    "is_same_origin",
    "render_entrance",
    "requires",
    "roles_of",
    "same_origin",
    "sign_in_address",
]
