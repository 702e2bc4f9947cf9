"""Starts MiniStack 1.5.33 without four gaps that keep this app from running on it. Run it instead of `ministack`, with its variables.

Everything that is changed is looked for first: another version that has no such place stops with an AssertionError.
"""

import functools
import threading

from ministack import app
from ministack.core import iam_actions, lambda_runtime
from ministack.services import cognito, lambda_svc
from ministack.services.cloudformation import provisioners


def name_thrown_errors():
    """Lambda reports a thrown error by its name, which state machines catch; MiniStack calls all of them Runtime.HandlerError.

    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
    """
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    text = 'error: String(err.message || err), trace: err.stack || ""'
    assert script.count(text) == 1, "the worker reports errors in another way"
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(text, f"{text}, name: err.name")

    last = threading.local()
    invoke = lambda_runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm

    @functools.wraps(invoke)
    def invoke_and_keep(self, *args, **kwargs):
        last.result = invoke(self, *args, **kwargs)
        return last.result

    @functools.wraps(execute)
    def execute_and_name(*args, **kwargs):
        last.result = {}
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if answer.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            name, trace = last.result.get("name"), last.result.get("trace") or ""
            body.update({"errorType": name, "trace": trace.split("\n")} if name else {})
        return answer

    lambda_runtime.Worker.invoke = invoke_and_keep
    lambda_svc._execute_function_warm = execute_and_name


def delete_identities():
    """https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html"""
    dispatch = cognito._dispatch_identity

    def delete(ids):
        if not 1 <= len(ids) <= 60:
            return cognito.error_response_json("InvalidParameterException", "IdentityIdsToDelete: 1 to 60", 400)
        unprocessed = []
        for identity in ids:
            pools = [pool for pool in cognito._identity_pools.values() if identity in pool["_identities"]]
            for pool in pools:
                del pool["_identities"][identity]
            if not pools:
                unprocessed.append({"IdentityId": identity, "ErrorCode": "InternalServerError"})
        return cognito.json_response({"UnprocessedIdentityIds": unprocessed})

    async def dispatch_more(action, data):
        if action == "DeleteIdentities":
            return delete(data.get("IdentityIdsToDelete") or [])
        return await dispatch(action, data)

    cognito._dispatch_identity = dispatch_more


def keep_alarms_of_several_metrics():
    """An alarm of metric math is kept as one of its first metric; what it alarms on is not looked at here."""
    record = provisioners._cw_metric_alarm_record

    def record_first(name, props):
        metrics = [query["MetricStat"] for query in props.get("Metrics", []) if "MetricStat" in query]
        if not metrics:
            return record(name, props)
        first = metrics[0]
        single = {
            "MetricName": first["Metric"]["MetricName"],
            "Namespace": first["Metric"]["Namespace"],
            "Period": first["Period"],
            "Statistic": first["Stat"],
        }
        return record(name, {key: value for key, value in props.items() if key != "Metrics"} | single)

    provisioners._cw_metric_alarm_record = record_first


def ask_for_actions_of_single_messages():
    """IAM has no action for a batch: SendMessageBatch needs sqs:SendMessage.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    """
    extract = iam_actions.extract_iam_action

    def extract_single(*args, **kwargs):
        action = extract(*args, **kwargs)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_single


def stay_off_port_443():
    """With TLS it would listen there too, whenever it may."""
    assert callable(app._port_is_bindable)
    app._port_is_bindable = lambda *_: False


if __name__ == "__main__":
    name_thrown_errors()
    delete_identities()
    keep_alarms_of_several_metrics()
    ask_for_actions_of_single_messages()
    stay_off_port_443()
    app.main()
