from django.urls import URLPattern, URLResolver, path

from agencies.views import guardians, handover, invitations, organizations, representations, teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", organizations.switch_desk, name="switch-desk"),
    path("organizations/new/", organizations.found, name="found-organization"),
    # One address for every kind of house; the agency's other one leads there.
    path("house/<slug:slug>/edit/", organizations.describe, name="house-edit"),
    path("house/<slug:slug>/team/", teams.team, name="team"),
    path("agency/<slug:slug>/team/", teams.agency_team, name="agency-team"),
    path("house/<slug:slug>/team/invite/", teams.invite, name="team-invite"),
    path("house/<slug:slug>/team/leave/", teams.leave, name="team-leave"),
    path("house/<slug:slug>/team/<int:pk>/", teams.colleague, name="colleague"),
    path("house/<slug:slug>/team/<int:pk>/remove/", teams.remove, name="team-remove"),
    path("house/<slug:slug>/team/<int:pk>/resend/", teams.resend, name="team-resend"),
    path("house/<slug:slug>/team/<int:pk>/withdraw/", teams.withdraw, name="team-withdraw"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    # The roster itself is at agency/<slug>/roster/ in replicas, which knows what lies with each actor.
    path("agency/<slug:slug>/roster/invite/", representations.invite, name="roster-invite"),
    path("representations/<int:pk>/", representations.representation, name="representation"),
    path("representations/<int:pk>/confirm/", representations.confirm, name="representation-confirm"),
    path("representations/<int:pk>/decline/", representations.decline, name="representation-decline"),
    path("representations/<int:pk>/withdraw/", representations.withdraw, name="representation-withdraw"),
    path("representations/<int:pk>/resend/", representations.resend, name="representation-resend"),
    path("representations/<int:pk>/end/", representations.end, name="representation-end"),
    path("me/guardians/", guardians.guardians, name="guardians"),
    path("me/guardians/open/", guardians.open_profile, name="guardian-open"),
    path("me/guardians/for/<int:actor>/invite/", guardians.invite, name="guardian-invite"),
    path("me/guardians/for/<int:actor>/hand-over/", handover.offer, name="guardian-hand-over"),
    path("handover/<str:token>/", handover.handover, name="handover"),
    path("me/guardians/<int:pk>/resend/", guardians.resend, name="guardian-resend"),
    path("me/guardians/<int:pk>/withdraw/", guardians.withdraw, name="guardian-withdraw"),
    path("me/guardians/<int:pk>/end/", guardians.end, name="guardian-end"),
    path("me/agencies/", representations.my_agencies, name="my-agencies"),
    path("me/agencies/ask/<slug:slug>/", representations.ask, name="ask-agency"),
]
