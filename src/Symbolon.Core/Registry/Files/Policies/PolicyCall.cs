using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>A call as it might come, in the words of a policy's test, without what it has to come to.</summary>
public static class PolicyCall
{
    /// <returns>The call, where nothing is wrong with it.</returns>
    public static (PolicyTest? Call, ImmutableArray<FieldError> Errors) Read(JsonElement call)
    {
        var errors = new FieldErrors();
        TextScan.Check(call, "", errors, isStored: false);
        var read = errors.Any ? null : PolicyTestReader.ReadCall(call, errors);
        return (errors.Any ? null : read, [.. errors.Found]);
    }
}
