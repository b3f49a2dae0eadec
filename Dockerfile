# syntax=docker/dockerfile:1
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir "uv>=0.9,<1"
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY bot bot
COPY knowledge knowledge
COPY migrations migrations
RUN python -m compileall -q bot knowledge migrations

FROM python:3.13-slim-bookworm
RUN useradd --create-home --uid 10001 tutor && mkdir /data && chown tutor /data && chmod 700 /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
USER 10001
VOLUME /data
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "bot", "health"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot", "run"]
