using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests;

/// <summary>On which levels a token can be ended: every test of "any level" goes through these.</summary>
public static class RevocationLevels
{
    private static readonly RevocationLevel[] OfPeople = [RevocationLevel.User, RevocationLevel.Workflow];
    private static readonly RevocationLevel[] OfOAuth = [RevocationLevel.Client, RevocationLevel.Authorization, RevocationLevel.Key];

    /// <summary>Ends no token of a caller: but what one grant gave to it, or what a server has got behind us.</summary>
    private static readonly RevocationLevel[] OfOthers = [RevocationLevel.Grant, RevocationLevel.Credential];

    /// <summary>Of the access token of an agent: no person and no workflow is in it.</summary>
    public static TheoryData<RevocationLevel> OfAccessTokens => [.. Enum.GetValues<RevocationLevel>().Except(OfPeople).Except(OfOthers)];

    /// <summary>Of a pasted token.</summary>
    public static TheoryData<RevocationLevel> OfPastedTokens => [.. Enum.GetValues<RevocationLevel>().Except(OfOAuth).Except(OfOthers)];
}
