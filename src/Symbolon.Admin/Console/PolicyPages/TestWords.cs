using Microsoft.AspNetCore.Components;
using Symbolon.Admin.Console.Parts;
using Symbolon.Admin.Policies;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>A test of a policy in words.</summary>
internal static class TestWords
{
    public static string Who(PolicyTestResponse test)
    {
        var named = new[]
        {
            test.Subject?.User, test.Subject?.Groups is { } groups ? $"in {string.Join(", ", groups)}" : null, test.Agent is { } agent ? $"agent {agent}" : null, test.Workflow is { } workflow ? $"workflow {workflow}" : null,
            test.Session is { } session ? $"session {string.Join(", ", session.Flags)}" : null,
        }.OfType<string>().ToList();
        return named.Count == 0 ? "nobody named" : string.Join(", ", named);
    }

    /// <param name="decision"><c>allow</c>, <c>deny</c> or <c>error</c>.</param>
    public static RenderFragment Mark(string decision) => decision switch
    {
        "allow" => StateMark.Of("allowed", "allowed", "Allowed"),
        "deny" => StateMark.Of("refused", "refused", "Denied"),
        _ => StateMark.Of("refused", "warn", "Error, which denies"),
    };
}
