"""Every page on one screen."""

from django.urls import include, path
from django.views.i18n import set_language

from playground.api import api, description, nothing
from playground.views import balances, drafts, health, history, operations, profile, runs, texts, tokens, workbench
from playground.views.team import audit, invitations, life, members

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("drafts/<str:operation>/", drafts.draft, name="draft"),
    path("healthz", health.healthz),
    path("operations.json", operations.tree, name="operations"),
    path("operations/<str:id>.json", operations.operation, name="operation"),
    path("operations/<str:id>/problems", operations.body_problems, name="operation_problems"),
    path("history/", history.history, name="history"),
    path("history/news/", history.news, name="history_news"),
    path("runs/latest", runs.latest, name="latest_run"),
    path("runs/<uuid:uuid>/", runs.run, name="run"),
    path("runs/<uuid:uuid>/request.json", runs.request_json, name="run_request"),
    path("balances/", balances.balances, name="balances"),
    path("balances/reconciled/", balances.reconciled, name="balances_reconciled"),
    path("balances/refresh/", balances.refresh, name="balances_refresh"),
    path("balances/refresh/<uuid:id>/", balances.progress, name="balances_progress"),
    path("balances/refresh/<uuid:id>/cancel/", balances.cancel, name="balances_cancel"),
    path("balances/<uuid:id>/", balances.balance, name="balance"),
    path("balances/<uuid:id>/readings.json", balances.chart, name="balance_readings"),
    path("balances/<uuid:id>/read/", balances.read, name="balance_read"),
    path("texts.js", texts.texts, name="texts"),
    path("language/", set_language, name="set_language"),
    path("team/", members.team, name="team"),
    path("team/members/<int:id>/role/", members.change_role, name="team_role"),
    path("team/members/<int:id>/remove/", members.remove, name="team_remove"),
    path("team/members/<int:id>/hand-over/", members.hand_over, name="team_hand_over"),
    path("team/leave/", members.leave, name="team_leave"),
    path("team/invitations/", invitations.invite, name="team_invite"),
    path("team/invitations/<int:id>/again/", invitations.send_again, name="team_invite_again"),
    path("team/invitations/<int:id>/revoke/", invitations.revoke, name="team_invite_revoke"),
    path("team/join/<str:token>/", invitations.join, name="team_join"),
    path("team/new/", life.new, name="team_new"),
    path("team/switch/", life.switch, name="switch_team"),
    path("team/rename/", life.rename, name="team_rename"),
    path("team/second-factor/", life.second_factor, name="team_second_factor"),
    path("team/delete/", life.delete, name="team_delete"),
    path("team/audit/", audit.audit, name="team_audit"),
    path("account/", profile.profile, name="profile"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:id>/revoke/", tokens.revoke, name="token_revoke"),
    path("accounts/", include("allauth.urls")),
    path("api/", description.page, name="api_description"),
    path("api/", api.urls),
    path("api/<path:rest>", nothing),
]
