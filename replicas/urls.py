from django.urls import URLPattern, URLResolver, path

from replicas.views import licenses, verifying

urlpatterns: list[URLPattern | URLResolver] = [
    # Licenses
    path("licenses/", licenses.licenses, name="licenses"),
    path("licenses/<ref>/", licenses.license_page, name="license"),
    path("licenses/<ref>/certificate.pdf", licenses.license_pdf, name="license-pdf"),
    path("licenses/<ref>/revoke/", licenses.revoke, name="license-revoke"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<ref>/", verifying.verify_license, name="verify-license"),
]
