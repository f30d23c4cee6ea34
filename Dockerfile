# Everything is built with all packages, and runs with those alone that it needs.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-slim
WORKDIR /app
# .env with the secrets that a first start makes, and the database: all that is worth keeping is in the volume.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 CLAUDE_PROXY_HOME=/data
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/dist ./dist
COPY --from=build /app/web/build ./web/build
COPY deploy/healthcheck.mjs ./deploy/healthcheck.mjs
USER node
VOLUME /data
EXPOSE 3000
# Open streams end first, at the latest after SHUTDOWN_TIMEOUT: give `docker stop` more than its 10 seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "deploy/healthcheck.mjs"]
# Without a bound V8 sets 130 MB aside for young objects where 16 do as well.
CMD ["node", "--max-semi-space-size=8", "--no-concurrent-recompilation", "dist/cli/main.js", "serve"]
