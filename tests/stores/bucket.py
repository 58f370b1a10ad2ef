"""A server of S3 on a free port with a bucket, and what is in it; what the program makes of it is judged elsewhere."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import boto3
from botocore.config import Config

BUCKET = "statistics"
REGION = "eu-north-1"
# the only one that s3rver knows; moto asks for none
KEY = "S3RVER"


class Bucket:
    """A bucket at an address, asked directly."""

    def __init__(self, address):
        self.address = address
        self.client = boto3.client(
            "s3",
            endpoint_url=address,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )

    def made(self):
        """Makes the bucket."""
        self.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        return self

    def objects(self, prefix):
        """Every object below a prefix, with its bytes."""
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix + "/"):
            for entry in page.get("Contents", []):
                found[entry["Key"].removeprefix(prefix + "/")] = self.read(entry["Key"])
        return found

    def read(self, key):
        """An object's bytes."""
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def write(self, key, content):
        """Writes an object, over another too."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def fill(self, folder, prefix):
        """Copies a folder's files below a prefix."""
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                self.write(f"{prefix}/{path.relative_to(folder)}", path.read_bytes())

    def empty(self, prefix):
        """Removes what is below a prefix."""
        for key in self.objects(prefix):
            self.client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{key}")


@contextlib.contextmanager
def s3rver(modules, folder):
    """A server that takes every write for the usual one, and its address, as long as the context."""
    command = ["node", str(Path(modules) / "s3rver" / "bin" / "s3rver.js"), "-a", "127.0.0.1", "-p", "0", "-d", str(folder), "--configure-bucket", BUCKET]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        found = next((found for line in process.stdout if (found := re.search(r"127\.0\.0\.1:[0-9]+", line))), None)
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        yield f"http://{found.group()}"
    finally:
        process.terminate()
        process.wait()
    drain.wait()


def environment(address):
    """What the program is told of the server: by its environment and by nothing else."""
    own = {"AWS_ENDPOINT": address, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": KEY, "AWS_ALLOW_HTTP": "true"}
    return {**os.environ, **own}


@contextlib.contextmanager
def moto():
    """A server that honours create-only writes, with an empty bucket, as long as the context."""
    command = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        address = next(found.group() for line in process.stderr if (found := re.search(r"http://127[0-9.]+:[0-9]+", line)))
        # what it says of each request is read by nobody
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield Bucket(address).made()
    finally:
        process.terminate()
        process.wait()
        drain.wait()
