import type { Schemas } from '@/api/client';

type Doors = Schemas['StatusAnswer']['doors'];

/** What a snippet needs to know of the server. */
export interface Place {
  doors: Doors;
  region: string;
}

/** What `AWS_XRAY_DAEMON_ADDRESS` has to be: one address, or one for each protocol where they differ. */
export function daemonAddress(doors: Doors): string {
  return doors.udp === doors.tcp ? doors.udp : `tcp:${doors.tcp} udp:${doors.udp}`;
}

function exported(doors: Doors): string {
  const address = daemonAddress(doors);
  return `export AWS_XRAY_DAEMON_ADDRESS=${address.includes(' ') ? `"${address}"` : address}`;
}

/** One request as a shell can send it; ids and times are made on the spot. */
export function curlSnippet({ doors }: Place): string {
  return `(
  hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \\n'; }
  now=$(date +%s)
  http='{\\"request\\": {\\"method\\": \\"GET\\", \\"url\\": \\"http://hello.test/\\"}, \\"response\\": {\\"status\\": 200}}'
  ids='\\"trace_id\\": \\"1-'$(printf %08x "$now")-$(hex 12)'\\", \\"id\\": \\"'$(hex 8)'\\"'
  segment='{\\"name\\": \\"hello\\", '$ids', \\"start_time\\": '$now', \\"end_time\\": '$now'.25, \\"http\\": '$http'}'
  curl -s ${doors.http}/TraceSegments -d '{"TraceSegmentDocuments": ["'"$segment"'"]}'
)`;
}

/** The same with boto3 in Python. */
export function boto3Snippet({ doors, region }: Place): string {
  return `import json, os, time
import boto3

xray = boto3.client(
    "xray",
    endpoint_url="${doors.http}",
    region_name="${region}",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
now = time.time()
segment = {
    "name": "hello",
    "trace_id": f"1-{int(now):08x}-{os.urandom(12).hex()}",
    "id": os.urandom(8).hex(),
    "start_time": now - 0.25,
    "end_time": now,
    "http": {"request": {"method": "GET", "url": "http://hello.test/"}, "response": {"status": 200}},
    "annotations": {"customer": "gold"},
}
print(xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])["UnprocessedTraceSegments"])`;
}

/** The X-Ray SDKs: how to point one here, and the least code that sends a trace. */
export const SDKS = ['python', 'node', 'java', 'dotnet'] as const;
export type Sdk = (typeof SDKS)[number];

export const SDK_NAMES: Record<Sdk, string> = { python: 'Python', node: 'Node.js', java: 'Java', dotnet: '.NET' };

/** How the SDK is added to an application. */
export const SDK_PACKAGES: Record<Sdk, string> = {
  python: 'pip install aws-xray-sdk',
  node: 'npm install aws-xray-sdk-core',
  java: 'com.amazonaws:aws-xray-recorder-sdk-core',
  dotnet: 'dotnet add package AWSXRayRecorder.Core',
};

/** The environment that an application with any of the SDKs is started in. */
export function sdkEnvironment({ doors }: Place): string {
  return exported(doors);
}

/** The least code that records one request. */
export const SDK_CODE: Record<Sdk, string> = {
  python: `from aws_xray_sdk.core import xray_recorder

xray_recorder.configure(service="orders")
with xray_recorder.in_segment("orders") as segment:
    segment.put_annotation("customer", "gold")
    with xray_recorder.in_subsegment("charge card"):
        pass`,
  node: `const xray = require("aws-xray-sdk-core");

const segment = new xray.Segment("orders");
segment.addAnnotation("customer", "gold");
segment.addNewSubsegment("charge card").close();
segment.close();`,
  java: `import com.amazonaws.xray.AWSXRay;

AWSXRay.beginSegment("orders").putAnnotation("customer", "gold");
AWSXRay.beginSubsegment("charge card");
AWSXRay.endSubsegment();
AWSXRay.endSegment();`,
  dotnet: `using Amazon.XRay.Recorder.Core;

AWSXRayRecorder.Instance.BeginSegment("orders");
AWSXRayRecorder.Instance.AddAnnotation("customer", "gold");
AWSXRayRecorder.Instance.BeginSubsegment("charge card");
AWSXRayRecorder.Instance.EndSubsegment();
AWSXRayRecorder.Instance.EndSegment();`,
};

/** The configuration file of an X-Ray daemon that runs already. */
export function daemonConfiguration({ doors, region }: Place): string {
  return `Endpoint: "${doors.http}"
Region: "${region}"
LocalMode: true
Version: 2`;
}
