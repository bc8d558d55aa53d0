using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Policies;

/// <summary>How one test of a policy goes with the servers as they are now. Other policies take no part, and rules that only observe count as the others.</summary>
/// <param name="Number">From 1, in the order of the file.</param>
/// <param name="Passed">What came is what the test expects.</param>
/// <param name="Said">The call, what was expected and what came, on a line.</param>
public sealed record PolicyTestResultResponse(int Number, bool Passed, string Said, PolicyTestResponse Test)
{
    internal static PolicyTestResultResponse Of(PolicyObject policy, PolicyTestResult result) => new(result.Index + 1, result.IsPassed, result.Text, PolicyTestResponse.Of(policy.Tests[result.Index]));
}
