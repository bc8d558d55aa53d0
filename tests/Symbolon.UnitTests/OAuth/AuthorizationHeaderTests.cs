using Symbolon.Jose.Proofs;


namespace Symbolon.UnitTests.OAuth;

[Trait("area", "oauth")]
public sealed class AuthorizationHeaderTests
{
    [Theory]
    [InlineData(0, null, AuthorizationScheme.None, "")]
    [InlineData(1, "", AuthorizationScheme.None, "")]
    [InlineData(1, "Bearer abc", AuthorizationScheme.Bearer, "abc")]
    [InlineData(1, "bearer  abc ", AuthorizationScheme.Bearer, "abc")]
    [InlineData(1, "DPoP a.b-c_d~e+f/g==", AuthorizationScheme.DPoP, "a.b-c_d~e+f/g==")]
    [InlineData(1, "DPOP abc", AuthorizationScheme.DPoP, "abc")]
    [InlineData(1, "dpop abc", AuthorizationScheme.DPoP, "abc")]
    [InlineData(1, "Basic YTpi", AuthorizationScheme.Other, "")]
    [InlineData(1, "Digest a=b, c=d", AuthorizationScheme.Other, "")]
    [InlineData(1, "BearerX abc", AuthorizationScheme.Other, "")]
    [InlineData(1, " Bearer abc", AuthorizationScheme.Other, "")]
    [InlineData(2, "Bearer abc", AuthorizationScheme.Several, "")]
    [InlineData(2, "", AuthorizationScheme.Several, "")]
    [InlineData(1, "Bearer abc, DPoP def", AuthorizationScheme.Several, "")]
    [InlineData(1, "DPoP abc,Bearer def", AuthorizationScheme.Several, "")]
    [InlineData(1, "Bearer abc,", AuthorizationScheme.Several, "")]
    [InlineData(1, "Basic YTpi, DPoP def", AuthorizationScheme.Several, "")]
    [InlineData(1, "Bearer abc DPoP def", AuthorizationScheme.Several, "")]
    [InlineData(1, "Bearer", AuthorizationScheme.Unreadable, "")]
    [InlineData(1, "DPoP ", AuthorizationScheme.Unreadable, "")]
    [InlineData(1, "Bearer\tabc", AuthorizationScheme.Other, "")]
    [InlineData(1, "Bearer a\tb", AuthorizationScheme.Unreadable, "")]
    [InlineData(1, "Bearer \"abc\"", AuthorizationScheme.Unreadable, "")]
    [InlineData(1, "Bearer ab\u00e9", AuthorizationScheme.Unreadable, "")]
    [InlineData(1, "DPoP ab\0", AuthorizationScheme.Unreadable, "")]
    [Trait("clause", "RFC 9449 §7.1")]
    public void A_header_holds_one_token_under_one_scheme(int headers, string? value, AuthorizationScheme scheme, string token)
    {
        Assert.Equal(scheme, AuthorizationHeader.Read(headers, value, out var read));
        Assert.Equal(token, read.ToString());
    }

    [Theory]
    [InlineData(AuthorizationScheme.Bearer, true, false, SchemeVerdict.BoundUnderBearer)]
    [InlineData(AuthorizationScheme.Bearer, true, true, SchemeVerdict.BoundUnderBearer)]
    [InlineData(AuthorizationScheme.Bearer, false, true, SchemeVerdict.BindingNeeded)]
    [InlineData(AuthorizationScheme.Bearer, false, false, SchemeVerdict.Fits)]
    [InlineData(AuthorizationScheme.DPoP, true, false, SchemeVerdict.Fits)]
    [InlineData(AuthorizationScheme.DPoP, true, true, SchemeVerdict.Fits)]
    [InlineData(AuthorizationScheme.DPoP, false, false, SchemeVerdict.UnboundUnderDPoP)]
    [InlineData(AuthorizationScheme.DPoP, false, true, SchemeVerdict.UnboundUnderDPoP)]
    [Trait("clause", "RFC 9449 §7.2")]
    public void A_token_is_taken_in_the_way_that_it_is_bound_to_and_in_no_other(AuthorizationScheme scheme, bool isBound, bool mustBeBound, SchemeVerdict verdict) =>
        Assert.Equal(verdict, AuthorizationHeader.Judge(scheme, isBound, mustBeBound));

    [Theory]
    [InlineData(AuthorizationScheme.None, SchemeVerdict.NoToken)]
    [InlineData(AuthorizationScheme.Other, SchemeVerdict.NoToken)]
    [InlineData(AuthorizationScheme.Several, SchemeVerdict.Ambiguous)]
    [InlineData(AuthorizationScheme.Unreadable, SchemeVerdict.Unreadable)]
    public void Where_no_one_token_can_be_read_nothing_else_counts(AuthorizationScheme scheme, SchemeVerdict verdict)
    {
        foreach (var isBound in new[] { false, true })
            foreach (var mustBeBound in new[] { false, true })
                Assert.Equal(verdict, AuthorizationHeader.Judge(scheme, isBound, mustBeBound));
    }
}
