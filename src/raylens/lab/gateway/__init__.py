"""The REST API gateway: stages with proxy integrations to functions, traced as API Gateway traces."""

from raylens.lab.gateway.server import Gateway, GatewaySettings, Invoker, Sampler

__all__ = ["Gateway", "GatewaySettings", "Invoker", "Sampler"]
