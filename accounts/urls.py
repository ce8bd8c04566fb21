from django.urls import URLPattern, URLResolver, path

from accounts.views import demo, notifications, outbox, profile, second_step

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", profile.profile, name="profile"),
    path("me/history/", profile.history, name="history"),
    path("me/second-step/", second_step.second_step, name="second-step"),
    path("me/notifications/", notifications.preferences, name="preferences"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("unsubscribe/<str:token>/", notifications.stop_letters, name="unsubscribe"),
    # Demo and development only
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.outbox_letter, name="outbox-letter"),
    path("outbox/<int:pk>/html/", outbox.outbox_letter_html, name="outbox-letter-html"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo-sign-in"),
]
