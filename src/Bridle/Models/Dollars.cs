using System.Globalization;

namespace Bridle.Models;

/// <summary>Sums of money in words.</summary>
public static class Dollars
{
    private const decimal Smallest = 0.0001m;

    /// <summary>For a person: a sum with its sign, to four places as far as they are needed. What is smaller is said to be that, because it is not nothing.</summary>
    public static string Shown(decimal dollars) => IsTiny(dollars) ? "<$0.0001" : string.Create(CultureInfo.InvariantCulture, $"${dollars:0.####}");

    /// <summary>As <see cref="Shown"/>, with two places at least, as in columns of sums.</summary>
    public static string ShownWithCents(decimal dollars) => IsTiny(dollars) ? Shown(dollars) : string.Create(CultureInfo.InvariantCulture, $"${dollars:0.00##}");

    /// <summary>US dollars without their sign, to four places; what is smaller is given whole, because it is not nothing.</summary>
    public static string Of(decimal dollars) => dollars.ToString(dollars != 0 && Math.Abs(dollars) < 0.0001m ? "0.############################" : "0.####", CultureInfo.InvariantCulture);

    private static bool IsTiny(decimal dollars) => dollars is > 0 and < Smallest;
}
