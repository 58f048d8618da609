"""What the web server serves: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app`."""

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from portal import create_app

app = create_app()
if proxies := app.extensions["settings"].trusted_proxies:
    app.wsgi_app = wrap_wsgi_with_proxy_headers(app.wsgi_app, list(proxies))
