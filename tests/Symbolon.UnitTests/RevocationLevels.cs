using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests;

/// <summary>On which levels a token can be ended: every test of "any level" goes through these.</summary>
public static class RevocationLevels
{
    private static readonly RevocationLevel[] OfPeople = [RevocationLevel.User, RevocationLevel.Workflow];
    private static readonly RevocationLevel[] OfOAuth = [RevocationLevel.Client, RevocationLevel.Authorization, RevocationLevel.Key];

    /// <summary>Ends no token, but what one grant gave to it.</summary>
    private static readonly RevocationLevel[] OfGrants = [RevocationLevel.Grant];

    /// <summary>Of the access token of an agent: no person and no workflow is in it.</summary>
    public static TheoryData<RevocationLevel> OfAccessTokens => [.. Enum.GetValues<RevocationLevel>().Except(OfPeople).Except(OfGrants)];

    /// <summary>Of a pasted token.</summary>
    public static TheoryData<RevocationLevel> OfPastedTokens => [.. Enum.GetValues<RevocationLevel>().Except(OfOAuth).Except(OfGrants)];
}
