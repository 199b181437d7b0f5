from __future__ import annotations

import json
from pathlib import Path

import pytest

from raylens.lab.template import (
    Created,
    Scope,
    TemplateError,
    Value,
    bind_parameters,
    check_names,
    creation_order,
    evaluate_conditions,
    pseudo_parameters,
    read_template,
    resolve_value,
    shown_parameters,
)

QUICKTABLE = Path(__file__).parents[4] / "examples" / "quicktable" / "template.yaml"
ROLE = "{Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}"
SCOPE = Scope(
    {
        "Name": "quick",
        "List": ["a", "b"],
        **pseudo_parameters(
            region="ap-northeast-2", account_id="000000000000", stack_name="lab", stack_id="arn:x/lab/1-2"
        ),
    },
    {"Sizes": {"small": {"memory": 128}}},
    {"Yes": True, "No": False},
    {"Table": Created("Reservations", {"Arn": "arn:table"})},
)


def properties(text: str) -> Value:
    return read_template(f"Resources: {{R: {{Type: T, Properties: {{P: {text}}}}}}}").resources["R"].properties["P"]


def resolved(text: str) -> Value:
    return resolve_value(properties(text), SCOPE, "R")


def check(text: str) -> None:
    check_names(read_template(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("000000000000", "000000000000"),
        ("10", 10),
        ("0.5", 0.5),
        ("'10'", "10"),
        ("~", None),
        ("1:30", "1:30"),
    ],
)
def test_plain_scalars_are_what_a_template_author_means(text: str, value: Value) -> None:
    assert properties(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref Name", "quick"),
        ("!Ref Table", "Reservations"),
        ("!Ref AWS::Region", "ap-northeast-2"),
        ("!GetAtt Table.Arn", "arn:table"),
        ("{'Fn::GetAtt': [Table, Arn]}", "arn:table"),
        ("!Sub '${Name}-${Table.Arn}-${!Literal}'", "quick-arn:table-${Literal}"),
        ("!Sub ['${Own}/${Name}', {Own: !Select [1, !Ref List]}]", "b/quick"),
        ("!Join ['-', [a, 1, !Ref Name]]", "a-1-quick"),
        ("!Join [',', !Ref List]", "a,b"),
        ("!Select [0, !Split ['-', 'x-y']]", "x"),
        ("!Base64 강남", "6rCV64Ko"),
        ("!FindInMap [Sizes, small, memory]", 128),
        ("!If [Yes, 1, 2]", 1),
        ("[1, !If [No, 2, !Ref AWS::NoValue]]", [1]),
        ("{A: 1, B: !Ref AWS::NoValue}", {"A": 1}),
    ],
)
def test_intrinsics_resolve(text: str, value: Value) -> None:
    assert resolved(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!GetAtt Table.Arm", "resource Table has no attribute Arm (did you mean Arn?); expected one of: Arn"),
        ("!Ref Missing", "Unresolved resource dependencies [Missing]"),
        ("!Select [2, [a, b]]", "index 2; expected 0 to 1"),
        ("!FindInMap [Sizes, large, memory]", "no key large; expected one of: small"),
        ("{'Fn::Wrong': 1}", "unknown function Fn::Wrong"),
        ("!Sub '${List}'", "a list where a string is expected"),
    ],
)
def test_an_intrinsic_that_cannot_be_resolved_says_where_and_why(text: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        resolved(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Resources:\n  A:\n   - [", "YAML not well-formed"),
        ("Resources: {A: &x {Type: T}, B: *x}", "YAML aliases are not allowed"),
        ("Resources:\n  A: {Type: T}\n  A: {Type: T}", "duplicate key A (line 3)"),
        ("Resorces: {}", "Invalid template property Resorces (line 1) (did you mean Resources?)"),
        ("Resources: {}", "At least one Resources member must be defined"),
        ("Resources: {A: {Type: T}}\nTransform: AWS::Serverless-2016-10-31", "is not supported"),
        (
            "Resources:\n  A:\n    Type: T\n    Propertys: {}",
            "unknown key Propertys (line 4) (did you mean Properties?)",
        ),
        ("Resources: {A: {Type: !Reff x}}", "unknown tag !Reff"),
        ("[]", "expected a mapping"),
        ("", "expected a mapping"),
        ("Parameters: {P: {Type: Strin}}\nResources: {A: {Type: T}}", "type 'Strin' (line 1) (did you mean String?)"),
    ],
)
def test_a_template_of_the_wrong_shape_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        read_template(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Resources:\n  Q: {Type: AWS::SQS::Queue}", "Unrecognized resource type AWS::SQS::Queue of Q (line 2)"),
        ("Resources: {R: {Type: AWS::IAM::Role}}", "AWS::IAM::Role needs AssumeRolePolicyDocument"),
        (
            "Resources: {S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: x, TracingEnabld: true}}}",
            "has no property TracingEnabld (line 1) (did you mean TracingEnabled?)",
        ),
        (
            f"Resources: {{R: {ROLE}}}\nOutputs: {{O: {{Value: !GetAtt R.Name}}}}",
            "Output O: resource R (AWS::IAM::Role) has no attribute Name; expected one of: Arn, RoleId",
        ),
        (f"Resources: {{R: {ROLE}}}\nOutputs: {{O: {{Value: !Ref Role}}}}", "Unresolved resource dependencies [Role]"),
        (f"Resources: {{R: {ROLE}}}\nOutputs: {{O: {{Value: !Ref 'AWS::Regoin'}}}}", "did you mean AWS::Region?"),
        ("Resources: {R: {Type: AWS::Logs::LogGroup, Condition: C}}", "Resource R: no condition C"),
        ("Resources: {R: {Type: AWS::Logs::LogGroup, DependsOn: X}}", "DependsOn X"),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_those_that_would(text: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(text)
    assert said in str(caught.value)


PARAMETERS = """
Parameters:
  Mode: {Type: String, Default: a, AllowedValues: [a, b]}
  Size: {Type: Number, Default: 5, MinValue: 1, MaxValue: 10}
  Name: {Type: String, Default: abc, AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: 4}
  Many: {Type: CommaDelimitedList, Default: 'x, y'}
  Key: {Type: String, NoEcho: true, Default: secret, MinLength: 3}
Resources: {R: {Type: AWS::Logs::LogGroup}}
"""


def test_parameters_take_what_is_given_and_else_their_default() -> None:
    template = read_template(PARAMETERS)
    bound = bind_parameters(template, {"Mode": "b"})
    assert bound == {"Mode": "b", "Size": "5", "Name": "abc", "Many": ["x", "y"], "Key": "secret"}
    assert shown_parameters(template, bound)["Key"] == "****"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"Mode": "c"}, "is 'c', expected one of [a, b]"),
        ({"Size": "11"}, "expected at most 10"),
        ({"Size": "x"}, "expected a number"),
        ({"Name": "ABC"}, "expected a match of [a-z]+"),
        ({"Name": "abcde"}, "expected at most 4 characters"),
        ({"Key": "ab"}, "is ****, expected at least 3 characters"),
        ({"Mood": "a"}, "[Mood] do not exist in the template (did you mean Mode?)"),
    ],
)
def test_a_parameter_out_of_its_limits_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        bind_parameters(read_template(PARAMETERS), given)
    assert said in str(caught.value)


def test_conditions_combine_and_refer_to_each_other() -> None:
    template = read_template(
        "Parameters: {Mode: {Type: String, Default: a}}\n"
        "Conditions:\n"
        "  IsA: !Equals [!Ref Mode, a]\n"
        "  NotA: !Not [!Condition IsA]\n"
        "  Either: !Or [!Condition NotA, !Condition IsA]\n"
        "  Both: !And [!Condition NotA, !Condition IsA]\n"
        "Resources: {R: {Type: AWS::Logs::LogGroup}}"
    )
    truths = evaluate_conditions(template, Scope(bind_parameters(template, {})))
    assert truths == {"IsA": True, "NotA": False, "Either": True, "Both": False}


def test_resources_are_created_after_all_they_need() -> None:
    template = read_template(
        "Resources:\n"
        f"  Late: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: !Sub '${{Role}}'}}}}\n"
        f"  Last: {{Type: AWS::Logs::LogGroup, DependsOn: Late}}\n"
        f"  Role: {ROLE}\n"
    )
    assert [each.logical_id for each in creation_order(template, {})] == ["Role", "Late", "Last"]


def test_a_circle_is_refused_with_its_members() -> None:
    template = read_template(
        "Resources:\n"
        "  A: {Type: AWS::Logs::LogGroup, DependsOn: B}\n"
        "  B: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref A}}\n"
        "  C: {Type: AWS::Logs::LogGroup, DependsOn: A}\n"
    )
    with pytest.raises(TemplateError, match=r"Circular dependency between resources: \[(A, B|B, A)\]"):
        creation_order(template, {})


def test_a_resource_without_its_condition_is_left_out() -> None:
    template = read_template(
        "Conditions: {Never: !Equals [a, b]}\n"
        "Resources: {A: {Type: AWS::Logs::LogGroup, Condition: Never}, B: {Type: AWS::Logs::LogGroup, DependsOn: A}}"
    )
    assert [each.logical_id for each in creation_order(template, {"Never": False})] == ["B"]


def test_json_templates_are_read_like_yaml_ones() -> None:
    document = {"Resources": {"R": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": "X"}}}}}
    assert read_template(json.dumps(document, indent=1)).source.root == document


def test_the_quicktable_template_needs_no_parameters_and_knows_every_name() -> None:
    template = read_template(QUICKTABLE.read_text())
    check_names(template)
    bind_parameters(template, {})
    assert set(template.outputs) == {
        "ApiGatewayInvokeUrl",
        "CreateReservationFunctionName",
        "GetReservationsFunctionName",
        "DynamoDBTableName",
    }
    assert not any(each.type == "AWS::Logs::LogGroup" for each in template.resources.values())
