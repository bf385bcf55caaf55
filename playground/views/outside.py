"""Whether an address that somebody typed may be called at all, told while they fill in the form."""

from asgiref.sync import async_to_sync
from django.conf import settings
from django.forms import BaseForm
from django.utils.translation import gettext as _

from playground.addresses import BadAddress, parted
from playground.gateway import AddressRefused, GatewayError, Limits, look


def stands_outside(form: BaseForm, field: str) -> bool:
    """Whether the address in `field` is outside, as far as it can be told now; each call is checked anew."""
    try:
        origin, _path = parted(form.cleaned_data[field])
        async_to_sync(_look)(origin)
    except BadAddress:
        form.add_error(field, _("This is no address. It looks like https://api.example.com."))
        return False
    except AddressRefused as error:
        form.add_error(
            field,
            _("%(host)s is an address inside this server's network; it may not be called.")
            % {"host": error.details.get("host", "")},
        )
        return False
    except GatewayError:
        # What is down today may be kept; its page tells what is wrong.
        return True
    return True


async def _look(url: str) -> None:
    limits = Limits(lookup=5, connect=0.01)
    async for _step in look(url, False, limits, tuple(settings.GATEWAY_ALLOWED_NETWORKS)):
        return
