"""Insights: anomalies of services and of the calls between them, put together into incidents and explained.

Data walks forward: figures by minute (`storage`) -> `detector` (anomalies) -> `incidents` (one insight per incident)
-> `root_cause` (a ranking, why) -> records and notifications. `watch` is the job that does it once for all processes.
"""
