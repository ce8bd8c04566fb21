from django.urls import URLPattern, URLResolver, path

from replicas.views import (
    actor_profile,
    attachments,
    composing,
    licenses,
    listing,
    previews,
    projects,
    replicas,
    verifying,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # Licenses
    path("licenses/", licenses.licenses, name="licenses"),
    path("licenses/<ref>/", licenses.license_page, name="license"),
    path("licenses/<ref>/certificate.pdf", licenses.license_pdf, name="license-pdf"),
    path("licenses/<ref>/revoke/", licenses.revoke, name="license-revoke"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<ref>/", verifying.verify_license, name="verify-license"),
    # Replicas, their pictures, the listing
    path("me/actor/", actor_profile.actor_profile, name="actor-profile"),
    path("me/replicas/", replicas.my_replicas, name="my-replicas"),
    path("replicas/", listing.replicas, name="replicas"),
    path("replicas/new/", replicas.new, name="replica-new"),
    path("replicas/link/<nonce>/", replicas.by_link, name="replica-by-link"),
    path("replicas/<ref>/", replicas.replica, name="replica"),
    path("replicas/<ref>/edit/", replicas.edit, name="replica-edit"),
    path("replicas/<ref>/confirm/", replicas.confirm, name="replica-confirm"),
    path("replicas/<ref>/visibility/", replicas.visibility, name="replica-visibility"),
    path("replicas/<ref>/files/", replicas.files, name="replica-files"),
    path("replicas/<ref>/previews/", previews.previews, name="replica-previews"),
    path("previews/<key>/<int:width>.<fmt>", previews.preview, name="preview"),
    # Projects
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new, name="project-new"),
    path("projects/<ref>/", projects.project, name="project"),
    path("projects/<ref>/edit/", projects.edit, name="project-edit"),
    # Preparing a request
    path("requests/new/", composing.compose, name="request-compose"),
    path("requests/<ref>/draft/", composing.draft, name="request-draft"),
    path("requests/<ref>/autosave/", composing.autosave, name="request-autosave"),
    path("requests/<ref>/review/", composing.review, name="request-review"),
    path("requests/<ref>/discard/", composing.discard, name="request-discard"),
    path("requests/<ref>/papers/<int:paper_id>/", attachments.attachment, name="attachment"),
]
