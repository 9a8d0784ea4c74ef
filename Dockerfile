ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/
# Without pip in /opt/mockocr, and without what builds the wheel.
RUN python -m venv /tmp/tools \
 && /tmp/tools/bin/python -m pip install -q --no-deps --require-hashes -r requirements/build.txt \
 && python -m venv --without-pip /opt/mockocr \
 && python -m pip --python /opt/mockocr/bin/python install -q --no-compile --no-deps --require-hashes \
      --report /tmp/run.json -r requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY mockocr mockocr
COPY scenarios scenarios
COPY scripts/make-sbom scripts/make-sbom
# With what Python would else compile at each start: 1.5 s of it.
RUN /tmp/tools/bin/python -m hatchling build -t wheel -d /tmp/wheel \
 && python -m pip --python /opt/mockocr/bin/python install -q --no-compile --no-deps --report /tmp/mockocr.json /tmp/wheel/*.whl \
 && python scripts/make-sbom /tmp/run.json /tmp/mockocr.json >/opt/mockocr/sbom.cdx.json \
 && /opt/mockocr/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/mockocr/lib

FROM ${PYTHON_IMAGE}
# The official images come without the compiled standard library, and the user below can write none.
# Any user of the group 0 can write /state: OpenShift and `docker run --user` choose such users.
RUN python -m compileall -q -j 0 -x '/(test|tests|idlelib|lib2to3|tkinter|turtledemo|ensurepip|pydoc_data|(site|dist)-packages)/' \
      "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
 && mkdir -m 755 /scenarios /pictures /state \
 && chown 65532:0 /state && chmod 775 /state
COPY --from=build /opt/mockocr /opt/mockocr
ENV PATH=/opt/mockocr/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MOCKOCR_HOST=0.0.0.0 \
    MOCKOCR_SCENARIOS=/scenarios \
    MOCKOCR_PICTURES=/pictures \
    MOCKOCR_STATE_DIR=/state
# Only /state is written to. Clients may read it for the CA: what is secret there has mode 0600.
VOLUME ["/scenarios", "/pictures", "/state"]
WORKDIR /scenarios
USER 65532:65532
EXPOSE 8018 8019
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 CMD ["mockocr", "health"]
ENTRYPOINT ["mockocr"]
CMD ["serve"]
# What scripts/image says of the source. Last, so that nothing above is built anew for it.
ARG PYTHON_IMAGE
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mockocr" \
      org.opencontainers.image.description="A local test double of Tencent Cloud's IDCardOCR" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
