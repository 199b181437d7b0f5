"""raylens: a self-hosted AWS X-Ray and CloudWatch ServiceLens.

Importing this package loads no server, driver or codec; it only names the version.
"""

__version__ = "0.1.0"
